import type {
  ConfigurationChanges,
  FunctionDraft,
  FunctionRecord,
} from '../aws/function-configuration.ts'

/**
 * The single writer of each function's record. A record that was answered is stored for good, and
 * is in the function store at once or, when that refuses, as soon as it accepts.
 */
export interface FunctionRegistry {
  /**
   * To be called before anything is stored under `code/NAME/` or `payload/NAME/`, also when there
   * is no such function: what nothing refers to an hour later is found and deleted, even if the
   * caller is never heard of again.
   */
  expectObjects(functionName: string): Promise<void>
  /**
   * Creates or replaces the function, and lets go of the code that it had. Rejects code that was
   * stored so long ago that it was given up.
   */
  upload(draft: FunctionDraft, codeKey: string): Promise<FunctionRecord>
  /** Changes what is given; `undefined` when there is no such function. */
  updateConfiguration(
    functionName: string,
    changes: ConfigurationChanges,
  ): Promise<FunctionRecord | undefined>
  /** The authoritative record, as it is now. */
  get(functionName: string): Promise<FunctionRecord | undefined>
  /** Whether there was such a function. */
  delete(functionName: string): Promise<boolean>
}
