/** The ways into the log, taken before user code runs; each takes one line, or several as one. */
export const originals = {
  log: console.log.bind(console),
  info: console.info.bind(console),
  debug: console.debug.bind(console),
  warn: console.warn.bind(console),
  error: console.error.bind(console),
}
