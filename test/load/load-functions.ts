import { zipOf } from '../support/memory-gateway.ts'

/** A function under load, and the events that it is sent. */
export interface LoadFunction {
  name: string
  isHealthy: boolean
  zip: Uint8Array<ArrayBuffer>
  eventOf(number: number): object
}

/** Every so many events of a healthy function tell when they start; more would be a load itself. */
export const SAMPLE_EVERY = 5
const LONG_CHARACTERS = 950_000
const OUTPUT_CHARACTERS = 300_000

/** Twice as many healthy ones as there are that fail, that are slow and that are huge. */
export function loadFunctions(witnessPort: number): LoadFunction[] {
  const padding = 'x'.repeat(LONG_CHARACTERS)
  const healthy = `exports.handler = function (event, context) {
    if (!event.isSample) return context.done();
    require('http').get('http://127.0.0.1:${witnessPort}/' + event.number, function (response) {
      response.on('data', function () {});
      response.on('end', function () { context.done(); });
    });
  }`
  const failing = `exports.handler = function (event, context) {
    context.fail(new Error('as always'));
  }`
  const slow = `exports.handler = function (event, context) {
    setTimeout(function () { context.done(); }, 3000);
  }`
  const huge = `exports.handler = function (event, context) {
    for (var n = 0; n < 10; n++) console.log(event.padding.slice(0, ${OUTPUT_CHARACTERS / 10}));
    context.done(null, event.padding);
  }`
  const functionOf = (
    name: string,
    source: string,
    eventOf: LoadFunction['eventOf'],
    isHealthy = false,
  ): LoadFunction => ({ name, isHealthy, zip: zipOf({ 'index.js': source }), eventOf })
  const healthyOf = (name: string) =>
    functionOf(name, healthy, (number) => ({ number, isSample: number % SAMPLE_EVERY === 0 }), true)
  return [
    ...['healthy-1', 'healthy-2', 'healthy-3', 'healthy-4', 'healthy-5', 'healthy-6'].map(
      healthyOf,
    ),
    functionOf('failing', failing, (number) => ({ number })),
    functionOf('slow', slow, (number) => ({ number })),
    functionOf('huge', huge, (number) => ({ number, padding })),
  ]
}
