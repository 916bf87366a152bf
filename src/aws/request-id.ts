/**
 * A UUID that begins with its time (version 7, RFC 9562), made of one that is random. Events are
 * stored under the ids of their requests, and random ones each in another page of the database: a
 * busy function wrote two for every event.
 */
export function newRequestId(nowMilliseconds: number, randomUuid: string): string {
  const time = nowMilliseconds.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUuid.slice(15)}`
}
