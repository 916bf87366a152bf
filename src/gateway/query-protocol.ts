import type { SignedRequest } from './sigv4.ts'

/** IAM and STS: a form goes in, or a query with an Action, and XML comes out. */
export function isQueryProtocol({ path, query, headers }: SignedRequest): boolean {
  if (path !== '/' || headers.has('x-amz-target')) return false
  const isForm = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  return isForm === true || new URLSearchParams(`?${query}`).has('Action')
}
