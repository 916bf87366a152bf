import { z } from 'zod'
import { FunctionConfiguration, type FunctionRecord } from '../../aws/function-configuration.ts'

/** What KV keeps beside a key, and gives back with `list`. */
export const MAX_METADATA_BYTES = 1024

/**
 * A record without what its name says and what is the same in all. That leaves 700 bytes for Role,
 * Handler and Description, so hardly any record has to be fetched by itself for a list.
 */
const Metadata = z.object({
  /** FunctionARN without the name at its end. */
  arn: z.string(),
  /** The key of the zip without `code/NAME/`. */
  zip: z.string(),
  rest: FunctionConfiguration.omit({
    FunctionName: true,
    FunctionARN: true,
    Runtime: true,
    Mode: true,
  }),
})

/** A record as the metadata of its key; `undefined` when it does not fit. */
export function toMetadata({ configuration, codeKey }: FunctionRecord) {
  const { FunctionName, FunctionARN } = configuration
  const codePrefix = `code/${FunctionName}/`
  if (!FunctionARN.endsWith(FunctionName) || !codeKey.startsWith(codePrefix)) return undefined
  const arn = FunctionARN.slice(0, -FunctionName.length)
  const zip = codeKey.slice(codePrefix.length)
  const metadata = Metadata.parse({ arn, zip, rest: configuration })
  const bytes = new TextEncoder().encode(JSON.stringify(metadata)).byteLength
  return bytes <= MAX_METADATA_BYTES ? metadata : undefined
}

/** The record that `toMetadata` made this of; `undefined` when it was nothing of the kind. */
export function fromMetadata(FunctionName: string, metadata: unknown): FunctionRecord | undefined {
  const parsed = Metadata.safeParse(metadata)
  if (!parsed.success) return undefined
  const { arn, zip, rest } = parsed.data
  const FunctionARN = arn + FunctionName
  return {
    configuration: { FunctionName, FunctionARN, Runtime: 'nodejs', Mode: 'event', ...rest },
    codeKey: `code/${FunctionName}/${zip}`,
  }
}
