import { describe, expect, test } from 'vitest'
import {
  agree,
  readVersions,
  SPOKEN,
  SPOKEN_BY_RELAY,
  versionsText,
  type SpokenVersions,
} from './versions.ts'

function speaks(protocol: readonly [number, number], records: readonly [number, number]): SpokenVersions {
  return {
    protocol: { lowest: protocol[0], highest: protocol[1] },
    records: { lowest: records[0], highest: records[1] },
  }
}

describe('two sides of a stream', () => {
  test('use the highest versions that both speak', () => {
    expect(agree(speaks([1, 3], [2, 5]), speaks([2, 2], [4, 9]))).toEqual({ protocol: 2, records: 5 })
    expect(agree(SPOKEN, SPOKEN_BY_RELAY)).toEqual({ protocol: 1, records: SPOKEN.records.highest })
  })

  test.each([
    ['control node', speaks([1, 1], [1, 1]), speaks([2, 3], [1, 1])],
    ['gateway', speaks([2, 3], [1, 1]), speaks([1, 1], [1, 1])],
    ['control node', speaks([1, 1], [1, 2]), speaks([1, 1], [3, 4])],
    ['gateway', speaks([1, 1], [3, 4]), speaks([1, 1], [1, 2])],
  ])('refuse each other, and say that the %s must be upgraded', (older, node, gateway) => {
    expect(agree(node, gateway)).toEqual({
      refusal: expect.stringContaining(`Upgrade the ${older}.`) as unknown,
    })
  })
})

describe('the text of versions', () => {
  test('is read as it was written', () => {
    const versions = speaks([1, 2], [3, 40])
    expect(readVersions(versionsText(versions))).toEqual(versions)
    expect(readVersions(versionsText(SPOKEN_BY_RELAY))).toEqual(SPOKEN_BY_RELAY)
  })

  test('is version 1 of all when it is missing, as in releases that have none', () => {
    expect(readVersions(undefined)).toEqual(speaks([1, 1], [1, 1]))
  })

  test.each([
    '',
    'protocol=1-1',
    'protocol=1-1,records=1-1',
    'protocol=-1-1, records=1-1',
    'protocol=1-1, records=1-1e9',
    `protocol=1-1, records=1-${'9'.repeat(17)}`,
  ])('is not read otherwise: %j', (text) => expect(readVersions(text)).toBeUndefined())
})
