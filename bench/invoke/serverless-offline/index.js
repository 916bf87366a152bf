exports.handler = function (event, context) {
  console.log('started ' + event.n + ' ' + Date.now())
  context.done(null, 'done')
}
