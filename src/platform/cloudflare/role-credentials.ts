import type { FunctionConfiguration } from '../../aws/function-configuration.ts'
import type { Settings } from '../../aws/settings.ts'
import { roleCredentialIssuer, type CredentialVariables } from '../../runtime/role-credentials.ts'
import type { Bindings } from './bindings.ts'
import { kvIdentityStore } from './kv-identity-store.ts'

/** One for all calls that this isolate makes. */
const issue = roleCredentialIssuer()

/** Temporary credentials of the function's role, if there is one that trusts Lambda. */
export function roleCredentials(
  env: Bindings,
  settings: Settings,
  configuration: FunctionConfiguration,
): Promise<CredentialVariables> {
  const identities = kvIdentityStore(env.FUNCTIONS)
  return issue({ settings, identities, now: () => Date.now() }, configuration)
}
