/** What a handler does, and what Lambda made of it. `lines` are those between START and END. */
export interface Row {
  name: string
  /** The module; or `body` of its handler `function (event, context, callback)`. */
  source?: string
  body?: string
  outcome: 'succeeded' | 'failed' | 'exited' | 'timedOut'
  /** The reason that the dead letter gives. */
  reason?: string
  lines?: string[]
}

const own = (text: string) => `TIME\tID\t${text}\n`
const failure = (errorMessage: string | null, more: object = {}) =>
  own(JSON.stringify({ errorMessage, ...more }))
/** Behind a handler that is on one line; how far right it fails is `column`. */
const at = (column: number) => `exports.handler (/var/task/index.js:2:${column})`
const dying = (text: string) => ({ outcome: 'exited' as const, lines: [own(text)] })

const NO_TEXT =
  'fail() called with argument but a problem was encountered while converting it to a to string'
const CIRCULAR =
  'Unable to stringify body as json: Converting circular structure to JSON\n' +
  "    --> starting at object with constructor 'Object'\n    --- property 'a' closes the circle"

const answers: Row[] = [
  { name: 'done(null, value)', body: 'context.done(null, { a: 1 })', outcome: 'succeeded' },
  { name: 'done() as a callback', body: 'fs.stat("/tmp", context.done)', outcome: 'succeeded' },
  { name: 'succeed()', body: 'context.succeed()', outcome: 'succeeded' },
  { name: 'the third parameter', body: 'callback(null, 1)', outcome: 'succeeded' },
  {
    name: 'the third parameter with an error',
    body: 'callback("no")',
    outcome: 'failed',
    reason: 'no',
    lines: [failure('no')],
  },
  {
    name: 'succeed and then fail',
    body: 'context.succeed(1); context.fail("no")',
    outcome: 'succeeded',
  },
  {
    name: 'fail and then succeed',
    body: 'context.fail("no"); context.succeed(1)',
    outcome: 'failed',
    reason: 'no',
    lines: [failure('no')],
  },
  {
    name: 'code after done, in the same tick and in later ones',
    body: `
      process.nextTick(function () { console.log('the same tick') })
      setTimeout(function () { console.log('later') }, 0)
      setImmediate(function () { console.log('later') })
      context.done()
      console.log('after done')`,
    outcome: 'succeeded',
    lines: [own('after done'), own('the same tick')],
  },
  {
    name: 'fail(error)',
    body: 'context.fail(new TypeError("bad"))',
    outcome: 'failed',
    reason: 'bad',
    lines: [failure('bad', { errorType: 'TypeError', stackTrace: [at(14)] })],
  },
  {
    name: 'done(error)',
    body: 'context.done(new Error("bad"))',
    outcome: 'failed',
    reason: 'bad',
    lines: [failure('bad', { errorType: 'Error', stackTrace: [at(14)] })],
  },
  {
    name: 'done(error, message)',
    body: 'context.done("bad", "very bad")',
    outcome: 'failed',
    reason: 'bad',
    lines: [own('Error Message: very bad'), failure('bad')],
  },
  {
    name: 'fail(object)',
    body: 'context.fail({ a: 1 })',
    outcome: 'failed',
    reason: '[object Object]',
    lines: [failure('[object Object]')],
  },
  {
    name: 'fail()',
    body: 'context.fail()',
    outcome: 'failed',
    reason: 'null',
    lines: [failure(null)],
  },
  {
    name: 'fail(object whose toString throws)',
    body: 'context.fail({ toString: function () { throw 1 } })',
    outcome: 'failed',
    reason: NO_TEXT,
    lines: [failure(NO_TEXT)],
  },
  {
    name: 'succeed with what no header can carry',
    body: 'console.log("told"); context.succeed({ short: "é", long: new Array(5000).join("x") })',
    outcome: 'succeeded',
    lines: [own('told')],
  },
  {
    name: 'succeed with what has no JSON',
    body: 'var o = {}; o.a = o; context.succeed(o)',
    outcome: 'failed',
    reason: CIRCULAR,
    lines: [failure(CIRCULAR)],
  },
]

const loading: Row[] = [
  {
    name: 'a handler that is missing',
    source: 'exports.other = 1',
    outcome: 'failed',
    reason: "Handler 'handler' missing on module 'index'",
    lines: ["Handler 'handler' missing on module 'index'\n"],
  },
  {
    name: 'a handler that is no function',
    source: 'exports.handler = {}',
    ...dying('TypeError: object is not a function'),
  },
  {
    name: 'a module that throws while it loads',
    source: '\nthrow new RangeError("no")',
    outcome: 'failed',
    reason: 'no',
    lines: [
      'module initialization error: RangeError: no\n    at module.exports (/var/task/index.js:2:7)\n',
    ],
  },
  {
    name: 'a module that requires what is not there',
    source: '\nrequire("./nope")',
    outcome: 'failed',
    reason: "Cannot find module './nope'",
    lines: [
      "Unable to import module 'index': Error: Cannot find module './nope'\n" +
        '    at module.exports (/var/task/index.js:2:1)\n',
    ],
  },
  {
    name: 'a syntax error',
    source: '\nvar = 1',
    outcome: 'failed',
    reason: "Unexpected token '='",
    lines: [
      "Syntax error in module 'index': SyntaxError: Unexpected token '='\n" +
        '    at /var/task/index.js:2\n',
    ],
  },
]

const dyings: Row[] = [
  { name: 'a handler that never calls done', body: '', outcome: 'exited' },
  { name: 'process.exit(0)', body: 'process.exit(0)', outcome: 'exited' },
  {
    name: 'process.exit(1), listened to',
    body: 'process.on("exit", function (code) { console.log("left with", code) }); process.exit(1)',
    ...dying('left with 1'),
  },
  {
    name: 'done and then process.exit(1)',
    body: 'context.done(); process.exit(1)',
    outcome: 'succeeded',
  },
  {
    name: 'a throw',
    body: 'throw new Error("no")',
    ...dying(`Error: no\n    at ${at(7)}`),
  },
  {
    name: 'a throw in a timer',
    body: 'setTimeout(function () {\nthrow new Error("no") }, 1)',
    ...dying('Error: no\n    at /var/task/index.js:3:7'),
  },
  {
    name: 'a throw in an event emitter',
    body: `new (require('events').EventEmitter)().on('e', function () {
throw new Error("no") }).emit('e')`,
    ...dying(
      'Error: no\n    at EventEmitter.<anonymous> (/var/task/index.js:3:7)\n' +
        '    at EventEmitter.emit (node-internal:events:LINE)\n' +
        '    at exports.handler (/var/task/index.js:3:26)',
    ),
  },
  {
    name: 'an error event that nobody listens to',
    body: `new (require('events').EventEmitter)().emit('error', new Error('no'))`,
    ...dying(`Error: no\n    at ${at(54)}`),
  },
  {
    name: 'a throw after an await',
    body: '(async function () { await null\nthrow new Error("no") })()',
    ...dying('Unhandled rejection Error: no\n    at /var/task/index.js:3:7'),
  },
  {
    name: 'an unhandled rejection, and done later',
    body: 'Promise.reject(new Error("no")); setTimeout(context.done, 1)',
    outcome: 'succeeded',
    lines: [own(`Unhandled rejection Error: no\n    at ${at(16)}`)],
  },
  {
    name: 'a throw that process.on("uncaughtException") takes',
    body: `process.on('uncaughtException', function (e) { console.log('took', e.message)
      context.done() })
      throw new Error('no')`,
    outcome: 'succeeded',
    lines: [own('took no')],
  },
  {
    name: 'a throw after done',
    body: 'context.done(); throw new Error("no")',
    outcome: 'succeeded',
    lines: [own(`Error: no\n    at ${at(23)}`)],
  },
  {
    name: 'deep recursion',
    body: 'Error.stackTraceLimit = 0; (function f() { f() })()',
    ...dying('RangeError: Maximum call stack size exceeded'),
  },
  {
    name: 'what takes longer than Timeout',
    body: 'console.log("begun"); setInterval(function () {}, 10)',
    outcome: 'timedOut',
    lines: [own('begun')],
  },
]

export const rows: Row[] = [...answers, ...loading, ...dyings]
