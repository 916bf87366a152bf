/** Where a command writes: results for people and scripts to stdout, remarks to stderr. */
export interface Output {
  isJson: boolean
  line(text: string): void
  remark(text: string): void
  /** The bar of something that takes its time; shown on a terminal only. */
  progress(label: string, done: number, total: number): void
}

const BAR_CELLS = 30

export function outputTo(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  isJson: boolean,
): Output {
  return {
    isJson,
    line: (text) => void stdout.write(`${printable(text)}\n`),
    remark: (text) => void stderr.write(`${printable(text)}\n`),
    progress(label, done, total) {
      if (!stderr.isTTY) return
      const share = total === 0 ? 1 : done / total
      const bar = '█'.repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, '░')
      const end = done >= total ? '\n' : ''
      stderr.write(`\r${label} ${bar} ${String(Math.round(share * 100)).padStart(3)}%${end}`)
    },
  }
}

/**
 * What functions print must not steer the terminal of whoever reads it: control characters other
 * than tab and line feed are shown, not sent; in a way that JSON reads, too.
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })
}

/** Prints a table: its columns are those of the heading; numbers stand to the right. */
export function table(output: Output, heading: string[], rows: (string | number)[][]): void {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)),
  )
  const line = (cells: (string | number)[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return typeof rows[0]?.[column] === 'number'
          ? String(cell).padStart(width)
          : String(cell).replaceAll('\n', ' ').padEnd(width)
      })
      .join('  ')
      .trimEnd()
  output.line(line(heading))
  for (const row of rows) output.line(line(row))
}
