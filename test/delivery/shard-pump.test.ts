import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/ports/function-runner.ts'
import { ShardPump } from '../../src/delivery/shard-pump.ts'
import { randomFrom } from '../support/random.ts'
import { ShardPumpWorld, type Odds } from './shard-pump-world.ts'

const CALM: Odds = { crash: 0, failure: 0, fault: 0, lostWake: 0, jump: 0.02 }
const ROUGH: Odds = { crash: 0.03, failure: 0.15, fault: 0.05, lostWake: 0.3, jump: 0.02 }
const CRASHING: Odds = { crash: 0.15, failure: 0.05, fault: 0.02, lostWake: 0.5, jump: 0.02 }
const EXPIRING: Odds = { crash: 0.02, failure: 0.5, fault: 0.1, lostWake: 0.3, jump: 0.3 }
/** So much time passes at once that tries are given up. */
const JUMPING: Odds = { ...ROUGH, jump: 0.3 }

function live(seed: number, odds: Odds, PumpClass = ShardPump): ShardPumpWorld {
  const random = randomFrom(seed)
  const world = new ShardPumpWorld(random, odds, PumpClass)
  try {
    const steps = 60 + random.below(120)
    for (let step = 0; step < steps; step += 1) world.step()
    if (random.chance(0.3)) world.close()
    world.drain()
    world.checkNothingLost()
  } catch (error) {
    throw new Error(`Seed ${seed}: ${String(error)}`, { cause: error })
  }
  return world
}

describe('the pump in a random world: nothing lost, in order, one batch at a time', () => {
  test.each([
    { name: 'calm', odds: CALM, from: 1, count: 2000 },
    { name: 'rough', odds: ROUGH, from: 100_001, count: 4000 },
    { name: 'crashing', odds: CRASHING, from: 200_001, count: 3000 },
    { name: 'expiring', odds: EXPIRING, from: 300_001, count: 3000 },
  ])('$name: $count interleavings from seed $from on', ({ odds, from, count }) => {
    let delivered = 0
    for (let seed = from; seed < from + count; seed += 1) {
      delivered += live(seed, odds).deliveredCount()
    }
    expect(delivered).toBeGreaterThan(count * 10)
  })

  test('and a pump that takes any answer for the newest is found out', () => {
    class Unfenced extends ShardPump {
      override ran(_tryNumber: number, result: RunResult, now: number) {
        return super.ran(this.state.tryNumber, result, now)
      }
    }
    expect(() => {
      for (let seed = 400_001; seed < 404_001; seed += 1) live(seed, JUMPING, Unfenced)
    }).toThrow(/Seed \d+: Error: /)
  })
})
