import { generateKeyPairSync, sign } from 'node:crypto'

/** Signs reports as GitHub's secret scanning does. */
export interface GitHub {
  /** The setting of a server that trusts it. */
  readonly settings: Readonly<Record<'SALLYPORT_GITHUB_KEYS', string>>
  /** The keys that it signs with, for the settings of a server. */
  readonly keys: readonly { readonly id: string; readonly publicKey: string }[]
  /** A signed body, with the headers of its signature. */
  signed(payload: string): { readonly payload: string; readonly headers: Readonly<Record<string, string>> }
  /** A signed report of findings. */
  report(findings: readonly Readonly<Record<string, string>>[]): ReturnType<GitHub['signed']>
  /** Reports to a server that a token was found at a place. @throws Error if it does not take the report */
  tell(controlUrl: string, token: string, place?: string): Promise<void>
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
  const key = publicKey.export({ type: 'spki', format: 'pem' })
  const report: GitHub['report'] = (findings) => signed(JSON.stringify(findings))
  return {
    settings: { SALLYPORT_GITHUB_KEYS: JSON.stringify({ public_keys: [{ key_identifier: id, key }] }) },
    keys: [{ id, publicKey: key }],
    signed,
    report,
    async tell(controlUrl, token, url = 'https://code.example.com/key.txt') {
      const { payload, headers } = report([{ token, type: 'sallyport_secret_key', url }])
      const { status } = await fetch(`${controlUrl}/v1/leaks/github`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: payload,
      })
      if (status !== 200) throw new Error(`The report got ${status}`)
    },
  }
}
