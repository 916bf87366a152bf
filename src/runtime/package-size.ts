import { invalidParameterValue } from '../aws/service-error.ts'

/** Lambda's own limit, still the same today. */
const MAX_UNZIPPED_BYTES = 262_144_000
/** A Dynamic Worker takes 64 MiB of code, and its isolate of 128 MB must hold it besides the heap. */
const MAX_LOADABLE_BYTES = 41_943_040

/** Refuses what is too large by its own account; to be called before anything is unzipped. */
export function verifySizes(files: { size: number }[]): void {
  const unzippedBytes = files.reduce((total, { size }) => total + size, 0)
  if (unzippedBytes > MAX_UNZIPPED_BYTES) {
    throw invalidParameterValue(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`)
  }
  if (unzippedBytes > MAX_LOADABLE_BYTES) {
    throw invalidParameterValue(
      `Unzipped size is ${unzippedBytes} bytes, and functions larger than ` +
        `${MAX_LOADABLE_BYTES} bytes cannot be loaded here`,
    )
  }
}
