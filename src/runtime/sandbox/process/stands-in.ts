/**
 * The modules here that have a name of the sandbox's take its place in the program of processes:
 * what is workerd's there is a process's here. Each has at least what the other has.
 */
type StandsIn<Here extends There, There> = [Here, There]

export type Checked = [
  StandsIn<typeof import('./bundle-files.ts'), Omit<typeof import('../bundle-files.ts'), Workerds>>,
  StandsIn<typeof import('./file-errors.ts'), typeof import('../file-errors.ts')>,
  StandsIn<typeof import('./http-module.ts'), typeof import('../http-module.ts')>,
  StandsIn<typeof import('./intrinsics.ts'), typeof import('../intrinsics.ts')>,
  StandsIn<typeof import('./node-modules.ts'), typeof import('../node-modules.ts')>,
  StandsIn<typeof import('./output.ts'), typeof import('../output.ts')>,
  StandsIn<typeof import('./refused.ts'), typeof import('../refused.ts')>,
  StandsIn<typeof import('./script-parser.ts'), typeof import('../script-parser.ts')>,
  StandsIn<typeof import('./stack-frames.ts'), typeof import('../stack-frames.ts')>,
]

/** Asked for by what only workerd's program has. */
type Workerds = 'fromUrl' | 'isBundled'
