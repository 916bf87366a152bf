/** A value as XML: objects by their members, lists as `<member>`s; what is undefined is left out. */
export function toXml(name: string, value: unknown): string {
  if (value === undefined) return ''
  return `<${name}>${contentOf(value)}</${name}>`
}

function contentOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => toXml('member', item)).join('')
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, item]) => toXml(name, item))
      .join('')
  }
  return escaped(String(value))
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  // What XML 1.0 cannot hold at all, escaped or not, becomes what stands for the unreadable.
  const readable = text
    .toWellFormed()
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
  return readable
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replace(/\r/g, '&#xD;')
}
