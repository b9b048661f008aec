import { expect, test } from 'vitest'
import { faultAt, faultCount, faultWithin, placedFault, pointerOf } from './form-access.ts'

const faults = [
  { pointer: '/trigger/cors/origins/1', message: 'one' },
  { pointer: '/trigger/cors', message: 'two' },
  { pointer: '/trigger/corsair', message: 'three' },
  { pointer: '/steps/0/proxy/headers/a~1b', message: 'four' },
]

test('a fault stands at its field', () => {
  expect(faultAt({ faults }, ['trigger', 'cors'])).toBe('two')
  expect(faultAt({ faults }, ['trigger', 'cors', 'origins'])).toBeUndefined()
  expect(faultAt({ faults }, ['steps', 0, 'proxy', 'headers', 'a/b'])).toBe('four')
})

test('a list has the faults of its items, and those alone', () => {
  expect(faultWithin({ faults }, ['trigger', 'cors', 'origins'])).toBe('one')
  expect(faultWithin({ faults }, ['trigger', 'cor'])).toBeUndefined()
})

test('a field of JSON says where inside the fault is', () => {
  expect(placedFault({ faults }, ['trigger', 'cors', 'origins'])).toBe('At /1: one')
  expect(placedFault({ faults: faults.slice(1) }, ['trigger', 'cors'])).toBe('two')
  expect(placedFault({ faults }, ['trigger', 'cor'])).toBeUndefined()
})

test('a group counts what is wrong inside, and not beside it', () => {
  expect(faultCount({ faults }, [['trigger', 'cors']])).toBe(2)
  expect(
    faultCount({ faults }, [
      ['trigger', 'cors'],
      ['trigger', 'corsair'],
    ]),
  ).toBe(3)
  expect(faultCount({ faults }, [])).toBe(0)
})

test('names with slashes and tildes are written as RFC 6901 says', () => {
  expect(pointerOf(['a/b', 0, 'c~d'])).toBe('/a~1b/0/c~0d')
})
