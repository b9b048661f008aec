/** Which words in a `User-Agent` name which browser. Many browsers also name those that they are like, so the order counts. */
const BROWSERS = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const

const SYSTEMS = [
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const

function wordOf(text: string, words: readonly (readonly [RegExp, string])[]): string | undefined {
  return words.find(([pattern]) => pattern.test(text))?.[1]
}

/**
 * What a program that sends this `User-Agent` is called: "Chrome on Linux", or the first word for another program, such as
 * "curl/8.14.1".
 */
export function browserName(userAgent: string): string {
  const browser = wordOf(userAgent, BROWSERS)
  const system = wordOf(userAgent, SYSTEMS)
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`
  return userAgent.trim().split(/\s/, 1)[0] ?? ''
}
