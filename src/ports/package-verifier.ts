/** Looks into a stored zip before it may become a function's code. */
export interface PackageVerifier {
  /**
   * Reads by range, never the whole zip. Throws InvalidParameterValueException, in AWS's words,
   * for what is not a zip, is too large or hostile, or lacks the file that `handler` names.
   */
  verify(codeKey: string, handler: string): Promise<void>
}
