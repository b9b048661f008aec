import { describe, expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { steps } from './steps.ts'

const URL_TEXT = 'https://a.example.com/'
const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const KEY = PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')

function read(tls: object, fields: object = {}) {
  return parseRequest(steps, [{ call: { url: URL_TEXT, tls, ...fields } }])
}

test('A step keeps the TLS of its upstream', () => {
  const certified = { certificate: '{secrets.CERTIFICATE}', key: '{secrets.KEY}' }
  const parsed = read({ ca: PEM, ...certified, serverName: 'inside.example.com' })
  expect(parsed.ok && parsed.value[0]).toMatchObject({
    tls: { ca: PEM, ...certified, serverName: 'inside.example.com' },
  })
  const less = read({ ca: '{secrets.CA}' })
  expect(less.ok && less.value[0]).toMatchObject({
    tls: { ca: '{secrets.CA}', certificate: null, key: null, serverName: null },
  })
})

describe('TLS is refused', () => {
  test.each<[string, object, object, string[]]>([
    ['without a field', {}, {}, ['']],
    ['over plain HTTP', { ca: PEM }, { url: 'http://a.example.com/' }, ['']],
    [
      'with a plain target',
      { ca: PEM },
      { targets: [{ origin: 'https://a.example.com' }, { origin: 'http://b.example.com' }] },
      [''],
    ],
    ['with a text that is no PEM', { ca: 'ca.pem' }, {}, ['/ca']],
    ['with a secret within a text', { ca: `{secrets.CA}${PEM}` }, {}, ['/ca']],
    ['with a variable', { ca: '{vars.CA}' }, {}, ['/ca']],
    ['with a key among certificates', { ca: PEM + KEY }, {}, ['/ca']],
    ['with a key as text', { certificate: PEM, key: KEY }, {}, ['/key']],
    ['with a certificate alone', { certificate: PEM }, {}, ['/key']],
    ['with a key alone', { key: '{secrets.KEY}' }, {}, ['/certificate']],
    ['with an address as name', { serverName: '10.0.0.1' }, {}, ['/serverName']],
    ['with a port in the name', { serverName: 'a.example.com:443' }, {}, ['/serverName']],
    ['with a line break in the name', { serverName: 'a\r\nb' }, {}, ['/serverName']],
    ['with an unknown field', { ca: PEM, verify: false }, {}, ['/verify']],
  ])('%s', (_, tls, fields, paths) => {
    const parsed = read(tls, fields)
    const found = parsed.ok ? [] : parsed.problems.map(({ path }) => path)
    expect(found).toEqual(paths.map((path) => `/0/call/tls${path}`))
    expect(JSON.stringify(parsed.ok ? [] : parsed.problems)).not.toContain('AAAA')
  })
})
