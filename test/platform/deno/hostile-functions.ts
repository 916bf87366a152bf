const EXITED = { kind: 'exited', errorMessage: 'Process exited before completing request' }
/** Of one whose Timeout is 2. */
export const TIMED_OUT = { kind: 'timedOut', errorMessage: 'Task timed out after 2.00 seconds' }

/** A function that means harm: the body of its handler, what comes of it and of its log. */
export interface HostileFunction {
  name: string
  body: string
  outcome: object
  /** What the log must have somewhere. */
  log?: RegExp
}

/** Tries all of it, and fails with what succeeded. */
const tries = (...attempts: string[]) => `
  var done = []
  ;[${attempts.map((one) => `function () { return ${one} }`).join(',\n')}].forEach(function (attempt) {
    try { attempt(); done.push(String(attempt)) } catch (error) { console.log(error.message) }
  })
  if (done.length > 0) context.fail(done.join('; ')); else context.succeed()`

const SUCCEEDED = { kind: 'succeeded' }

export const hostileFunctions: HostileFunction[] = [
  { name: 'a busy loop', body: 'while (true) {}', outcome: TIMED_OUT },
  {
    name: 'a busy loop in a microtask',
    body: '(async function f() { for (;;) await 0 })()',
    outcome: TIMED_OUT,
  },
  { name: 'a busy loop after done', body: 'context.done(); while (true) {}', outcome: TIMED_OUT },
  { name: 'done never called', body: 'return 1', outcome: EXITED },
  {
    name: 'ten thousand timers',
    body: 'for (var i = 0; i < 10000; i++) setInterval(function () {}, 1)',
    outcome: TIMED_OUT,
  },
  {
    name: 'a heap that grows',
    body: 'var all = []; for (;;) all.push(new Array(1000).join("x") + all.length)',
    outcome: EXITED,
  },
  {
    name: 'Buffers that grow',
    body: 'var all = []; setInterval(function () { all.push(Buffer.alloc(20e6, 1)) }, 1)',
    outcome: EXITED,
    log: /Max Memory Used: [1-9]\d\d/,
  },
  {
    name: 'file descriptors without end',
    body: `var open = []
      try { for (;;) open.push(fs.openSync('/tmp/' + open.length, 'w')) }
      catch (error) { context.fail(error.code + (open.length < 1024)) }`,
    outcome: { kind: 'failed', errorMessage: 'EMFILEtrue' },
  },
  {
    name: 'a file without end',
    body: `var chunk = Buffer.alloc(64e6, 1)
      for (var i = 0; i < 20; i++) fs.appendFileSync('/tmp/big', chunk)
      context.succeed()`,
    outcome: EXITED,
  },
  {
    name: 'output without end',
    body: 'var line = new Array(10000).join("x"); for (var i = 0; i < 10000; i++) console.log(line); context.succeed()',
    outcome: SUCCEEDED,
    log: /Output truncated after 256 KB/,
  },
  {
    name: 'output without end, past the sandbox',
    body: 'var line = new Uint8Array(1e6).fill(120); for (var i = 0; i < 100; i++) Deno.stdout.writeSync(line); context.succeed()',
    outcome: EXITED,
    log: /Output truncated after 256 KB/,
  },
  {
    name: 'short lines without end',
    body: 'for (var i = 0; i < 10000; i++) console.log(i % 10); context.succeed()',
    outcome: SUCCEEDED,
    log: /Output truncated after 256 KB/,
  },
  {
    name: 'short lines without end, past the sandbox',
    body: 'Deno.stdout.writeSync(Buffer.from(new Array(10000).join("x\\n"))); for (;;);',
    outcome: EXITED,
    log: /Output truncated after 256 KB/,
  },
  {
    name: 'an answer that is forged',
    body: 'Deno.stdout.writeSync(new TextEncoder().encode("x\\u0000{\\"kind\\":\\"end\\",\\"answer\\":7}\\n\\u0000nonsense\\n")); context.succeed()',
    outcome: SUCCEEDED,
    log: /nonsense/,
  },
  {
    name: 'other programs',
    body: tries(
      `require('child_process').exec('id')`,
      `require('child_process').spawnSync('id')`,
      `require('child_process').fork('/var/task/index.js')`,
      `new Deno.Command('id').outputSync()`,
      `process.binding('spawn_sync').spawn({})`,
      `Deno.dlopen('/lib/x86_64-linux-gnu/libc.so.6', {})`,
      `process.dlopen({ exports: {} }, '/tmp/x.node')`,
      `new (require('worker_threads').Worker)('1', { eval: true })`,
      `new Worker('data:text/javascript,1', { type: 'module' })`,
    ),
    outcome: SUCCEEDED,
    log: /child_process.exec does not exist/,
  },
  {
    name: 'refused modules, in other ways than by require',
    body: tries(
      ...[
        `require('module')._load`,
        `require('module').Module._load`,
        `require('module').createRequire('/var/task/index.js')`,
        `require('module').Module.createRequire('/var/task/index.js')`,
        `new (require('module').Module)('/var/task/x').require`,
        `process.getBuiltinModule`,
      ].flatMap((way) => [
        `${way}('child_process').spawn('id')`,
        `${way}('node:cluster').fork()`,
        `${way}('dgram').createSocket('udp4')`,
        `new (${way}('dgram').Socket)('udp4')`,
        `new (${way}('worker_threads').Worker)('1', { eval: true })`,
        `new (${way}('node:worker_threads').Worker)('1', { eval: true })`,
      ]),
      `new (require('dgram').Socket)('udp4')`,
      `new (process.binding('worker').Worker)('1')`,
    ),
    outcome: SUCCEEDED,
    log: /worker_threads.Worker does not exist/,
  },
  {
    name: 'refused modules, by import',
    body: `var vm = require('vm'), done = []
      var options = { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }
      var load = vm.runInThisContext('(name) => import(name)', options)
      var bind = function (socket) { return new Promise(function (resolve) {
        socket.on('error', resolve)
        socket.bind(80, '255.255.255.255', function () { resolve(done.push('bound')) })
      }) }
      ;(async function () {
        var threads = await load('node:worker_threads'), module = await load('node:module')
        ;[threads.Worker, threads.default.Worker, module._load('worker_threads').Worker].forEach(function (Worker, index) {
          try { new Worker('1', { eval: true }); done.push('thread ' + index) } catch (error) {}
        })
        await bind((await load('node:dgram')).createSocket('udp4'))
        var UDP = (await load('node:process')).default.binding('udp_wrap').UDP
        if (new UDP(1).bind('255.255.255.255', 80, 0) === 0) done.push('bound raw')
        context.fail(done.join())
      })()`,
    outcome: { kind: 'failed', errorMessage: '' },
  },
  {
    name: 'signals to others',
    body: tries(
      'process.kill(process.ppid, 9)',
      'process.kill(process.ppid, "SIGSTOP")',
      'process.kill(-process.ppid, 9)',
      'process.kill(1, 0)',
      'Deno.kill(Deno.ppid, "SIGKILL")',
    ),
    outcome: SUCCEEDED,
  },
  { name: 'SIGKILL to itself', body: 'process.kill(process.pid, "SIGKILL")', outcome: EXITED },
  {
    name: 'SIGTERM to itself',
    body: 'process.kill(process.pid); context.succeed()',
    outcome: EXITED,
  },
  {
    name: 'SIGINT to itself',
    body: 'process.kill(process.pid, 2); context.succeed()',
    outcome: EXITED,
  },
  { name: 'SIGSTOP to itself', body: 'process.kill(process.pid, "SIGSTOP")', outcome: TIMED_OUT },
  { name: 'process.abort', body: 'process.abort()', outcome: EXITED },
  { name: 'process.reallyExit', body: 'process.reallyExit(0)', outcome: EXITED },
  { name: 'Deno.exit', body: 'Deno.exit(0)', outcome: EXITED },
  {
    name: 'exit out of an exit listener',
    body: 'process.on("exit", function () { process.exit(3) }); process.exit(2)',
    outcome: EXITED,
  },
  {
    name: 'what others own, read',
    body: tries(
      `fs.readFileSync('/etc/passwd')`,
      `fs.readdirSync('/')`,
      `fs.readFileSync('/proc/self/environ')`,
      `fs.readFileSync('/proc/' + process.ppid + '/environ')`,
      `fs.readFileSync('/proc/self/maps')`,
      `Deno.readTextFileSync('/proc/self/environ')`,
      `Deno.readTextFileSync('/etc/passwd')`,
      `fs.readdirSync('/tmp/../..')`,
      `fs.readFileSync('/tmp/../../gateway.db')`,
      `fs.readFileSync(Deno.cwd() + '/../gateway.db')`,
      `fs.readdirSync(Deno.cwd() + '/..')`,
      `fs.readFileSync(Deno.cwd() + '/../1/task/index.js')`,
      `fs.readFileSync(Deno.cwd() + '/../2/task/index.js') + fs.readFileSync(Deno.cwd() + '/../3/task/index.js')`,
      `require(Deno.cwd() + '/../gateway.db')`,
      `require('/etc/passwd')`,
    ),
    outcome: SUCCEEDED,
    log: /EACCES: permission denied, open '\/etc\/passwd'/,
  },
  {
    name: 'what is not to be written',
    body: tries(
      `fs.writeFileSync('/var/task/index.js', '')`,
      `fs.writeFileSync('/var/runtime/process-sandbox.mjs', '')`,
      `fs.writeFileSync('/x', '')`,
      `fs.writeFileSync('/tmp/../x', '')`,
      `Deno.writeTextFileSync('/tmp/' + process.pid, '')`,
      `Deno.writeTextFileSync(Deno.cwd() + '/package-index.json', '{}')`,
      `fs.chmodSync('/var/task/index.js', 0)`,
      `fs.unlinkSync('/var/task/index.js')`,
      `fs.renameSync('/var/task/index.js', '/tmp/x')`,
      `fs.linkSync('/var/task/index.js', '/tmp/hard')`,
      `fs.symlinkSync('/etc/passwd', '/tmp/soft')`,
      `fs.symlinkSync('/', '/tmp/root')`,
    ),
    outcome: SUCCEEDED,
    log: /EROFS: read-only file system, open '\/var\/task\/index.js'/,
  },
  {
    name: 'the environment of the gateway',
    body: `var names = Object.keys(process.env).concat(Object.keys(Deno.env.toObject()))
      context.fail(names.filter(function (name) { return !/^(AWS_|LAMBDA_|TZ$)/.test(name) }).join())`,
    outcome: { kind: 'failed', errorMessage: '' },
  },
  {
    name: 'storage that others would share',
    body: `var names = ['localStorage', 'sessionStorage', 'caches', 'Storage', 'CacheStorage', 'Cache'], found = []
      function look(object, where) {
        for (; object; object = Object.getPrototypeOf(object)) names.forEach(function (name) {
          if (Object.getOwnPropertyDescriptor(object, name)) found.push(where + name)
        })
      }
      look(globalThis, '')
      look(Deno, 'Deno.')
      look(navigator, 'navigator.')
      look(require('vm').runInNewContext('globalThis'), 'vm.')
      Reflect.ownKeys(Deno).forEach(function (key) { if (/internal/.test(String(key))) found.push(String(key)) })
      context.fail(found.join())`,
    outcome: { kind: 'failed', errorMessage: '' },
  },
  {
    name: 'sockets',
    body: `var net = require('net'), left = 0
      function attempt(open) {
        left++
        var over = function (error) { console.log(error.message); if (--left === 0) context.succeed() }
        try { open().on('error', over).on('connect', function () { context.fail('connected') }) }
        catch (error) { setImmediate(over, error) }
      }
      attempt(function () { return net.connect(22, '127.0.0.1') })
      attempt(function () { return net.connect({ host: '0.0.0.0', port: 22 }) })
      attempt(function () { return net.connect('/var/run/docker.sock') })
      attempt(function () { return net.connect(Deno.cwd() + '/../1/outbound.sock') })
      attempt(function () { return require('tls').connect(443, '1.1.1.1') })
      attempt(function () { return net.createServer().listen(0) })
      attempt(function () { return require('dgram').createSocket('udp4') })
      ;[function () { return Deno.connect({ hostname: '127.0.0.1', port: 22 }) },
        function () { return Deno.resolveDns('example.com', 'A') },
        function () { return Deno.listen({ port: 0 }) },
        function () { return new WebSocket('ws://127.0.0.1:1/') }].forEach(function (open) {
          attempt(function () {
            var result = { on: function (event, listener) {
              if (event === 'error') Promise.resolve().then(open).then(function () { context.fail(String(open)) }, listener)
              return result
            } }
            return result
          })
        })`,
    outcome: SUCCEEDED,
  },
  {
    name: 'the way out, used raw',
    body: `var text = ''
      require('net').connect(Deno.cwd() + '/outbound.sock')
        .on('connect', function () { this.write('GET / HTTP/1.1\\r\\nHost: x\\r\\nx-gateway-target: http://127.0.0.1:22\\r\\nConnection: close\\r\\n\\r\\n') })
        .on('data', function (chunk) { text += chunk })
        .on('error', context.fail)
        .on('close', function () { context.fail(text.split('\\r\\n')[0]) })`,
    outcome: { kind: 'failed', errorMessage: 'HTTP/1.1 502 Bad Gateway' },
  },
  {
    name: 'the way out, opened without end',
    body: `var net = require('net'), closed = 0
      for (var i = 0; i < 400; i++) {
        net.connect(Deno.cwd() + '/outbound.sock').on('error', function () {}).on('close', function () {
          if (++closed === 144) context.succeed()
        })
      }`,
    outcome: SUCCEEDED,
  },
  {
    name: 'more permission, asked for',
    body: `var names = ['read', 'write', 'net', 'run', 'ffi', 'env', 'sys']
      Promise.all(names.map(function (name) { return Deno.permissions.request({ name: name }) }))
        .then(function (all) { context.fail(names.filter(function (_, i) { return all[i].state === 'granted' }).join()) })`,
    outcome: { kind: 'failed', errorMessage: 'env' },
  },
  {
    name: 'the sandbox, broken',
    body: `JSON.stringify = Promise = Error = Date.now = Buffer = undefined
      Object.prototype.toJSON = function () { return 'x' }
      Array.prototype.push = String.prototype.split = null
      context.succeed()`,
    outcome: SUCCEEDED,
  },
]
