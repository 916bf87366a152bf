import type { z } from 'zod'
import { authorize, type Caller } from '../aws/caller.ts'
import { parseInput } from '../aws/input.ts'
import type { Ports } from '../ports/ports.ts'

export type IamPorts = Pick<Ports, 'directory' | 'settings' | 'now'>

/** What is answered: texts, numbers, lists of such, and nothing for what is absent. */
export type Result = object | undefined

/** What an operation is done to: the ARN, and what a refusal may tell of it. */
export interface Resource {
  arn: string
  /** The ARN without its path, for only who may see an entity may learn where it is. */
  shown: string
}

/** An operation of the Query protocol; its input are a form's parameters. */
export type QueryOperation = (ports: IamPorts, caller: Caller, input: object) => Promise<Result>

/**
 * One row of the table: the operation's name and shape, what it does, and what a caller must be
 * allowed to do it to. The root is not asked, so that nothing is looked up for it.
 */
export function operation<Shape extends z.ZodType>(
  action: string,
  shape: Shape,
  run: (ports: IamPorts, input: z.output<Shape>, caller: Caller) => Promise<Result>,
  resourceOf?: (
    ports: IamPorts,
    input: z.output<Shape>,
    caller: Caller,
  ) => Resource | Promise<Resource>,
): [action: string, QueryOperation] {
  return [
    action,
    async (ports, caller, unparsed) => {
      const input = parseInput(shape, unparsed, 'ValidationException')
      if (resourceOf !== undefined && caller.kind !== 'root') {
        const { arn, shown } = await resourceOf(ports, input, caller)
        authorize(caller, { action: `iam:${action}`, resource: arn, shown })
      }
      return run(ports, input, caller)
    },
  ]
}
