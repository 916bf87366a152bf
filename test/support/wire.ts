import type { SignOptions } from './sign.ts'

export type Body = string | Uint8Array<ArrayBuffer>

/** How a request is signed, and what is done to it afterwards. */
export interface CallOptions extends SignOptions {
  /** Headers to set, or with `undefined` to take away. */
  headers?: Record<string, string | undefined>
  /** What is sent in place of the body that was signed. */
  sent?: Body
}

/** A gateway as its clients have it: signed requests go in, answers come out. */
export interface Wire {
  call(method: string, path: string, body?: Body, options?: CallOptions): Promise<Response>
  upload(
    name: string,
    query?: Record<string, string>,
    zip?: Uint8Array<ArrayBuffer>,
    options?: CallOptions,
  ): Promise<Response>
  /** The clock of the gateway. */
  now(): number
}

/** The names of all functions. */
export async function namesIn({ call }: Wire): Promise<string[]> {
  const response = await call('GET', '/2014-11-13/functions/?MaxItems=10000')
  const { Functions } = (await response.json()) as { Functions: { FunctionName: string }[] }
  return Functions.map((one) => one.FunctionName)
}

/** `20150106T183035Z` */
export function basicIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
