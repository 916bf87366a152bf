import { zipSync } from 'fflate'
import type { FunctionDraft } from '../../src/aws/function-configuration.ts'
import type { FunctionRunner } from '../../src/ports/function-runner.ts'
import type { Ports } from '../../src/ports/ports.ts'

/** What runs functions, and the ports by which that is seen. */
export interface RuntimeHost extends Pick<Ports, 'registry' | 'inboxes' | 'deadLetters' | 'logs'> {
  runner: FunctionRunner
  putCode(codeKey: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown>
  close(): Promise<void>
}

/** Uploads a function past the front door, and gives its record. */
export async function uploadFiles(
  host: RuntimeHost,
  FunctionName: string,
  files: Record<string, string>,
  more: Partial<FunctionDraft> = {},
) {
  const encoder = new TextEncoder()
  const entries = Object.entries(files).map(([path, text]) => [path, encoder.encode(text)])
  const bytes = new Uint8Array(zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>))
  const codeKey = `code/${FunctionName}/1.zip`
  await host.putCode(codeKey, bytes)
  const draft: FunctionDraft = {
    FunctionName,
    FunctionARN: `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`,
    Runtime: 'nodejs',
    Role: 'arn:aws:iam::000000000000:role/lambda',
    Handler: 'index.handler',
    Mode: 'event',
    CodeSize: bytes.byteLength,
    Description: '',
    Timeout: 10,
    MemorySize: 128,
    ...more,
  }
  return host.registry.upload(draft, codeKey)
}
