import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { DueQueue } from './due-queue.ts'
import { Exchange } from './exchange.ts'

const record = deployment()

test('the first exchange is the one that is due first, after any additions, moves and removals', () => {
  const step = fc.tuple(fc.nat(9), fc.oneof(fc.nat(20), fc.constant(Infinity)))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new DueQueue()
      const exchanges = Array.from({ length: 10 }, () => new Exchange(record, null, null))
      const due = new Map<Exchange, number>()
      for (const [index, dueAtMs] of steps) {
        const exchange = exchanges[index]
        if (exchange === undefined) continue
        queue.set(exchange, dueAtMs)
        if (dueAtMs === Infinity) due.delete(exchange)
        else due.set(exchange, dueAtMs)
        expect(queue.first?.dueAtMs).toBe(due.size === 0 ? undefined : Math.min(...due.values()))
        expect(queue.size).toBe(due.size)
      }
      const order: number[] = []
      for (let { first } = queue; first !== undefined; { first } = queue) {
        order.push(first.dueAtMs)
        queue.remove(first)
        queue.remove(first)
      }
      expect(order).toEqual([...due.values()].toSorted((one, other) => one - other))
    }),
  )
})
