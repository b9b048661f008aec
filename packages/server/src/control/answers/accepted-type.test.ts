import { expect, test } from 'vitest'
import { acceptedOf, preferredToJson } from './accepted-type.ts'

const OFFERS = [{ mediaType: 'application/x-ndjson' }, { mediaType: 'text/csv' }]

test.for([
  ['application/x-ndjson', 'application/x-ndjson'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV; charset=utf-8', 'text/csv'],
  ['text/csv;q=0.5, application/x-ndjson;q=0.4', 'text/csv'],
  ['text/csv;q=0.4, application/x-ndjson;q=0.5', 'application/x-ndjson'],
  ['text/csv, */*;q=0.1', 'text/csv'],
  ['text/csv, application/json;q=0.9', 'text/csv'],
  ['text/csv;q=0.8, application/json', undefined],
  ['text/csv;q=0', undefined],
  ['text/csv;q=2', undefined],
  ['text/*', undefined],
  ['*/*', undefined],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', undefined],
  ['application/json', undefined],
  ['text/csvx', undefined],
  ['', undefined],
  [',;q=,,', undefined],
  [undefined, undefined],
] as const)('Accept: %s leads to %s', ([accept, mediaType]) => {
  expect(preferredToJson(accept, OFFERS)?.mediaType).toBe(mediaType)
})

test.for([
  [undefined, 'application/x-ndjson'],
  ['*/*', 'application/x-ndjson'],
  ['text/csv', 'text/csv'],
  ['Text/CSV; charset=utf-8', 'text/csv'],
  ['text/*', 'text/csv'],
  ['application/*', 'application/x-ndjson'],
  ['*/*, application/x-ndjson;q=0.5', 'text/csv'],
  ['text/csv;q=0.9, application/x-ndjson', 'application/x-ndjson'],
  ['text/html, */*;q=0.1', 'application/x-ndjson'],
  ['*/*, application/x-ndjson;q=0', 'text/csv'],
  ['text/csv;q=0', undefined],
  ['*/*;q=0', undefined],
  ['application/json', undefined],
  ['text/csvx', undefined],
  ['', undefined],
] as const)('Accept: %s accepts %s', ([accept, mediaType]) => {
  expect(acceptedOf(accept, OFFERS)?.mediaType).toBe(mediaType)
})
