// All that the sandbox takes from workerd. @cloudflare/workers-types beside @types/node would make
// `any` of `node:process` and `Buffer`, which nearly every file here uses.

declare module 'cloudflare:workers' {
  export abstract class WorkerEntrypoint {
    fetch?(request: Request): Promise<Response>
  }
}

interface Caught {
  preventDefault(): void
  stopImmediatePropagation(): void
}

declare function addEventListener(
  type: 'error',
  listener: (event: Caught & { error: unknown }) => void,
): void
declare function addEventListener(
  type: 'unhandledrejection',
  listener: (event: Caught & { reason: unknown }) => void,
): void
