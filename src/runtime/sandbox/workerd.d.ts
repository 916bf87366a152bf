// All that the sandbox takes from workerd. @cloudflare/workers-types beside @types/node would make
// `any` of `node:process` and `Buffer`, which nearly every file here uses.

declare module 'cloudflare:workers' {
  export abstract class WorkerEntrypoint {
    fetch?(request: Request): Promise<Response>
  }
}

declare function addEventListener(
  type: 'error',
  listener: (event: { error: unknown; preventDefault(): void }) => void,
): void
declare function addEventListener(
  type: 'unhandledrejection',
  listener: (event: { reason: unknown }) => void,
): void
