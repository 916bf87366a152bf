import type { Caller } from '../aws/caller.ts'
import type { Ports } from './ports.ts'

/** An operation of a service that speaks JSON 1.1. What has no output answers an empty body. */
export type JsonOperation = (
  ports: Ports,
  caller: Caller,
  input: object,
) => Promise<object | undefined>
