import { eventSourceMappingArn, functionArn } from '../aws/arn.ts'
import { authorize, type Caller } from '../aws/caller.ts'
import type { Settings } from '../aws/settings.ts'

/** As much of Hono's context as it takes to ask whether a caller may. */
interface Asked {
  var: { caller: Caller; ports: { settings: Settings } }
}

/** Throws unless the caller may do this to the function or, without a name, to all of them. */
export function permit(c: Asked, action: string, functionName?: string): void {
  const { caller, ports } = c.var
  const resource = functionName === undefined ? '*' : functionArn(ports.settings, functionName)
  authorize(caller, { action, resource })
}

/** Throws unless the caller may do this to the mapping of a stream to a function. */
export function permitMapping(c: Asked, action: string, UUID: string): void {
  const { caller, ports } = c.var
  authorize(caller, { action, resource: eventSourceMappingArn(ports.settings, UUID) })
}

/** Throws unless the caller may give this role to Lambda; asked of every operation with a Role. */
export function permitPassRole({ var: { caller } }: Asked, role: string): void {
  authorize(caller, {
    action: 'iam:PassRole',
    resource: role,
    context: { 'iam:passedtoservice': 'lambda.amazonaws.com' },
  })
}
