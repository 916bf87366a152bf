import type { FuzzRequest } from './fuzz-request.ts'
import { mutated } from './mutations.ts'
import { operation } from './operations.ts'
import { randomOf } from './random.ts'
import { spoilOf } from './spoils.ts'

/** The request of an index: always the same one for the same seed. */
export function requestOf(seed: number, index: number): FuzzRequest {
  const random = randomOf(seed, index)
  const request = operation(random)
  for (let count = random.pick([0, 0, 0, 1, 1, 2, 3]); count > 0; count--) mutated(random, request)
  if (random.chance(0.12)) request.spoil = spoilOf(random, request)
  return request
}
