/** A text of any length, cut to what there is room for, and then told how long it was. */
export function excerpt(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  const note = `… (${text.length} characters)`
  // Not through the middle of a character: half of one cannot be stored.
  const kept = text.slice(0, Math.max(0, maxCharacters - note.length))
  return kept.replace(/[\ud800-\udbff]$/, '') + note
}
