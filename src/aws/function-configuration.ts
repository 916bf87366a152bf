import { z } from 'zod'

/** The wire shape FunctionConfiguration: stored and answered as it stands. */
export const FunctionConfiguration = z.object({
  FunctionName: z.string(),
  FunctionARN: z.string(),
  ConfigurationId: z.string(),
  Runtime: z.literal('nodejs'),
  Role: z.string(),
  Handler: z.string(),
  Mode: z.literal('event'),
  CodeSize: z.number(),
  Description: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  LastModified: z.string(),
})
export type FunctionConfiguration = z.infer<typeof FunctionConfiguration>

/** What the gateway keeps of a function: what it answers, and where its zip lies. */
export const FunctionRecord = z.object({
  configuration: FunctionConfiguration,
  /** Key of the zip in the code store; every upload has a fresh one. */
  codeKey: z.string(),
})
export type FunctionRecord = z.infer<typeof FunctionRecord>

/** What UploadFunction gives: everything but what the Function actor decides. */
export type FunctionDraft = Omit<FunctionConfiguration, 'ConfigurationId' | 'LastModified'>

/** What UpdateFunctionConfiguration may change; what is absent stays. */
export interface ConfigurationChanges {
  Role?: string | undefined
  Handler?: string | undefined
  Description?: string | undefined
  Timeout?: number | undefined
  MemorySize?: number | undefined
}
