interface Term {
  text: string
  isExcluded: boolean
}

/**
 * CloudWatch's filter pattern for plain text: every term must be in the message, none of those
 * after a `-` may be; quotes hold a phrase together. Case counts.
 */
export function messageFilter(filterPattern: string): (message: string) => boolean {
  const terms: Term[] = []
  for (const [, minus, phrase, word] of filterPattern.matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)) {
    const text = phrase ?? word ?? ''
    if (text !== '') terms.push({ text, isExcluded: minus === '-' })
  }
  return (message) => terms.every(({ text, isExcluded }) => message.includes(text) !== isExcluded)
}
