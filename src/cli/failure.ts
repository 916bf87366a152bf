/** What went wrong, in one line for whoever typed the command. Anything else thrown is our bug. */
export class Failure extends Error {
  override name = 'Failure'
}
