// All that the program takes from Deno.

declare function addEventListener(type: 'beforeunload', listener: () => void): void

declare namespace NodeJS {
  interface Process {
    /** Ends the process without a word to its listeners. */
    reallyExit(code: number): never
  }
}
