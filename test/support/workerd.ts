import { createTestHarness, unstable_readConfig } from 'wrangler'

/** What such a worker has in common with the gateway's own; wrangler's types do not resolve. */
interface WranglerConfig {
  compatibility_date: string
  compatibility_flags: string[]
  kv_namespaces: []
  r2_buckets: { binding: string; bucket_name: string }[]
  queues: object
  durable_objects: { bindings: [] }
  migrations: []
  worker_loaders: []
  vars: Record<string, string>
}

/** Of the S3 endpoint that wrangler serves for local buckets, at `R2_S3_PATH`. */
export const R2_S3_CREDENTIALS = { accessKeyId: 'r2', secretAccessKey: 'r2-secret' }
export const R2_S3_PATH = '/cdn-cgi/local/r2/s3'

const CREDENTIALS = {
  ROOT_ACCESS_KEY_ID: 'local',
  ROOT_SECRET_ACCESS_KEY: 'local',
  KEY_ENCRYPTION_SECRET: 'local',
  REQUIRE_ROLES: 'false',
}

/** A worker with all of the gateway's bindings on a real workerd. */
export async function startWorkerd(main: string, variables: Record<string, string> = {}) {
  const config = unstable_readConfig({ config: 'wrangler.toml' }) as WranglerConfig
  const harness = createTestHarness({
    root: process.cwd(),
    workers: [
      {
        config: {
          name: 'tested',
          main,
          compatibility_date: config.compatibility_date,
          compatibility_flags: config.compatibility_flags,
          kv_namespaces: config.kv_namespaces,
          r2_buckets: config.r2_buckets.map((bucket) => ({
            ...bucket,
            local_dev: { experimental_s3_credentials: R2_S3_CREDENTIALS },
          })),
          queues: config.queues,
          durable_objects: config.durable_objects,
          migrations: config.migrations,
          worker_loaders: config.worker_loaders,
          vars: { ...config.vars, ...CREDENTIALS, ...variables },
        },
      },
    ],
  })
  const { url } = await harness.listen()
  return { harness, url }
}
