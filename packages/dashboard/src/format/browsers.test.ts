import { describe, expect, test } from 'vitest'
import { browserName } from './browsers.ts'

const MOZILLA = 'Mozilla/5.0'
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0'

describe('the name of a browser', () => {
  test.each([
    [`${MOZILLA} (X11; Linux x86_64) ${CHROME} Safari/537.36`, 'Chrome on Linux'],
    [
      `${MOZILLA} (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/141.0 Safari/537.36`,
      'Chrome on Linux',
    ],
    [`${MOZILLA} (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/141.0.0.0`, 'Edge on Windows'],
    [`${MOZILLA} (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`, 'Chrome on Android'],
    [
      `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15`,
      'Safari on macOS',
    ],
    [
      `${MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 CriOS/141.0 Mobile/15E148 Safari/604.1`,
      'Chrome on iOS',
    ],
    [`${MOZILLA} (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0`, 'Firefox on Linux'],
  ])('of %s is %s', (userAgent, name) => {
    expect(browserName(userAgent)).toBe(name)
  })

  test('is the first word of another program', () => {
    expect(browserName('curl/8.14.1')).toBe('curl/8.14.1')
    expect(browserName('python-requests/2.32 extra')).toBe('python-requests/2.32')
    expect(browserName('')).toBe('')
  })
})
