import { startProcessHost } from './process-host.ts'
import { uploadFiles } from './runtime-host.ts'

// Run by Deno, as the gateway's edition for it is: functions in processes, told of line by line.

const HANDLERS: Record<string, string> = {
  succeeds: 'console.log("hello"); context.succeed()',
  loops: 'while (true) {}',
  hangs: '',
  asks: `var AWS = require('aws-sdk')
    var keys = { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: '' }
    new AWS.Kinesis(keys).listStreams({}, function (error, data) {
      context.fail(error ? error.code : JSON.stringify(data.StreamNames)) })`,
  reaches: `require('http').get('http://127.0.0.1:1/').on('error', function (error) {
    context.fail(error.code) })`,
  // Raw, of more headers than Node takes.
  crowds: `var text = '', headers = new Array(1500).join('a:\\r\\n')
    var target = 'x-gateway-target: https://kinesis.us-east-1.amazonaws.com'
    require('net').connect(Deno.cwd() + '/outbound.sock')
      .on('connect', function () { this.write(['GET / HTTP/1.1', 'Host: x', target, headers, ''].join('\\r\\n')) })
      .on('data', function (chunk) { text += chunk; this.end() })
      .on('close', function () {
        context.fail(decodeURIComponent((/refusal: (.*)/.exec(text) || [text, text])[1].trim())) })`,
  // Deeper than a path may be long, and than Deno can remove.
  digs: `for (var part = 0, inner, top; part < 9; part++, inner = top) {
      top = Deno.cwd() + '/tmp/' + part
      for (var level = 0, path = top; level < 1700; level++, path += '/a') Deno.mkdirSync(path)
      if (inner) Deno.renameSync(inner, path)
    }
    process.exit(1)`,
}

const host = await startProcessHost()
const isToStay = process.argv.includes('--stay')
for (const [name, body] of Object.entries(HANDLERS)) {
  if (isToStay && name === 'digs') continue
  const files = { 'index.js': `exports.handler = function (event, context) {\n${body}\n}` }
  const record = await uploadFiles(host, name, files, { Timeout: name === 'loops' ? 1 : 60 })
  const run = { record, requestId: name, attempt: 1, slot: 0, payload: '{}' }
  const result = await host.runner.run(run)
  const { outcome } = result.ran ? result : { outcome: result }
  console.log(JSON.stringify([name, outcome]))
}
if (isToStay) {
  console.log(JSON.stringify(['folder', host.folder]))
  setInterval(() => undefined, 1000)
} else {
  await host.close()
  console.log(JSON.stringify(['closed']))
}
