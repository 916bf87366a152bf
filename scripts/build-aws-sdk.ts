import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const ENTRY = new URL('../src/runtime/built-in-sdk.cjs', import.meta.url)

/** The AWS SDK that functions find built in, as the text of one CommonJS module. */
export async function bundleAwsSdk(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(ENTRY)],
    bundle: true,
    minify: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'es2024',
    charset: 'utf8',
    plugins: [leftOut],
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild wrote nothing')
  return file.text
}

const STAND_INS: [path: RegExp, contents: string][] = [
  // It would print into the function's log that version 2 is no longer supported.
  [/\/maintenance_mode_message$/, 'exports.suppress = true'],
  // Only credential providers that functions have no use for want these three services.
  [/\/clients\/(cognitoidentity|sso|ssooidc)$/, 'module.exports = function () {}'],
]

const leftOut: Plugin = {
  name: 'left-out',
  setup(bundle) {
    for (const [filter, contents] of STAND_INS) {
      const namespace = filter.source
      bundle.onResolve({ filter }, ({ path }) => ({ path, namespace }))
      bundle.onLoad({ filter, namespace }, () => ({ contents, loader: 'js' }))
    }
  },
}
