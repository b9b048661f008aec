import { describe, expect, test } from 'vitest'
import { draftOf, factsOf, nameIn, placeIn, upstreamOf } from './document-draft.ts'
import { readDocument } from './read-document.ts'

const PETS = {
  openapi: '3.0.3',
  info: { title: 'Pets' },
  servers: [{ url: 'https://pets.example.com/v1' }],
  paths: { '/pets': { get: {}, post: {} }, '/pets/{id}': { get: {} }, '/vets': { get: {} } },
  security: [{ login: [] }],
  components: { securitySchemes: { login: { type: 'http', scheme: 'basic' } } },
}
const ALL = { url: '', pathPrefix: '' }

/** YAML of a few lines that stands for 100 million values. */
function growing(): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const lines = names.map((name, index) => {
    const before = names[index - 1]
    return `${name}: &${name} [${Array.from({ length: 10 }, () => (before === undefined ? 'x' : `*${before}`)).join()}]`
  })
  return lines.join('\n')
}

describe('a draft', () => {
  test('has the upstream of the document, and says what it has', () => {
    const drafted = draftOf(PETS, ALL)
    expect(upstreamOf(drafted)).toBe('https://pets.example.com/v1')
    expect(drafted.draft && factsOf(drafted.draft)).toEqual({
      paths: 3,
      operations: 4,
      checked: 0,
      credentials: ['basic'],
    })
  })

  test('says of how many operations the content is checked', () => {
    const parameters = [{ in: 'query', name: 'limit', schema: { type: 'integer' } }]
    const checkedOf = (paths: object): number | undefined => {
      const { draft } = draftOf({ ...PETS, paths }, ALL)
      return draft && factsOf(draft).checked
    }
    expect(checkedOf({ '/a': { get: { parameters } }, '/b': { get: {}, put: {} } })).toBe(1)
    expect(checkedOf({ '/b': { get: {} }, '/a': { get: { parameters }, put: { parameters } } })).toBe(2)
  })

  test('has the upstream and the paths that were typed', () => {
    const drafted = draftOf(PETS, { url: 'http://10.0.0.7:9000', pathPrefix: '/pets' })
    expect(upstreamOf(drafted)).toBe('http://10.0.0.7:9000')
    expect(drafted.draft && factsOf(drafted.draft)).toMatchObject({ paths: 2, operations: 3 })
  })

  test('needs a URL if the document names no server', () => {
    const { servers: _, ...elsewhere } = PETS
    expect(draftOf(elsewhere, ALL)).toMatchObject({ needsUrl: true })
    expect(nameIn(elsewhere)).toBe('pets')
    expect(draftOf(elsewhere, { ...ALL, url: 'https://a.example' }).draft).toBeDefined()
  })

  test.each(['h', 'a.example', 'ftp://a.example', 'https://'])('cannot go to "%s"', (url) => {
    expect(draftOf(PETS, { ...ALL, url })).toMatchObject({
      needsUrl: true,
      problem: 'Start with http:// or https://.',
    })
  })

  test.each([[{ swagger: '2.0' }], [null], ['text'], [{ ...PETS, paths: {} }]])(
    'of %j is a sentence',
    (document) => {
      expect(draftOf(document, ALL)).toMatchObject({ needsUrl: false, problem: expect.stringMatching(/\.$/) })
    },
  )
})

test.each([
  ['/paths/~1vets~1{a~0b}/get', '/vets/{a~b} get'],
  ['/security', 'security'],
  ['/paths', 'paths'],
])('the place %s is shown as %s', (pointer, place) => expect(placeIn(pointer)).toBe(place))

describe('a file', () => {
  const read = async (text: string) => await readDocument(new File([text], 'pets'))

  test.each([
    JSON.stringify(PETS),
    '{ openapi: 3.0.3, paths: {} }',
    'openapi: 3.0.3\ninfo: { title: Pets }\npaths: {}',
  ])('of %s is read', async (text) => {
    expect(await read(text)).toMatchObject({ name: 'pets', document: { openapi: '3.0.3' } })
  })

  test.each([
    ['broken JSON', '{"openapi": '],
    ['broken YAML', 'a: [b'],
    ['aliases that grow', growing()],
    ['several documents', 'a: 1\n---\nb: 2'],
  ])('of %s is a sentence', async (_, text) => {
    expect(await read(text)).toMatchObject({
      problem: 'The file cannot be read as JSON or as one YAML document. Choose an OpenAPI document.',
    })
  })

  test('that is too large is not read', async () => {
    const file = new File([new Uint8Array(16 * 1024 * 1024 + 1)], 'pets')
    expect(await readDocument(file)).toMatchObject({ problem: expect.stringContaining('16 MiB') })
  })
})
