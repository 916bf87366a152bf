// A process rewrites ES modules itself: to parse what a function brings takes as long, and as much
// memory, as the function likes.
export { rewrittenModule } from '../rewritten-module.ts'
export { errorLine } from '../script-parser.ts'
