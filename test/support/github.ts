import { generateKeyPairSync, sign } from 'node:crypto'

/** What signs reports as GitHub's secret scanning does. */
export interface GitHub {
  /** The keys that it signs with, for the settings of a server. */
  readonly keys: readonly { readonly id: string; readonly publicKey: string }[]
  /** A signed body, with the headers of its signature. */
  signed(payload: string): { readonly payload: string; readonly headers: Readonly<Record<string, string>> }
  /** A signed report of findings. */
  report(findings: readonly Readonly<Record<string, string>>[]): ReturnType<GitHub['signed']>
}

export function openGitHub(): GitHub {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const id = 'f9525bf080f75b3506ca1ead061add62'
  const signed: GitHub['signed'] = (payload) => ({
    payload,
    headers: {
      'github-public-key-identifier': id,
      'github-public-key-signature': sign('sha256', Buffer.from(payload), privateKey).toString('base64'),
    },
  })
  return {
    keys: [{ id, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) }],
    signed,
    report: (findings) => signed(JSON.stringify(findings)),
  }
}
