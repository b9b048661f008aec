import type { PortalKey } from '@sallyport/sdk'
import { count } from '../../../format/numbers.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { Freshness, lastUseOf } from '../../keys/key-words.tsx'

/** What a key is, and how it was used. */
export function KeyFacts({ shown }: { readonly shown: PortalKey }) {
  const { columns, lifetime, requests } = t.portal.keys
  const { anyAddress, addresses, limits, limit } = t.keys.panel
  return (
    <>
      {shown.warnings.map(({ code, message }) => (
        <Note key={code} tone="warn" title={message} />
      ))}
      <Facts>
        <Fact name={columns.created}>
          <When at={shown.createdAt} as="day" />
        </Fact>
        <Fact name={columns.ends}>
          {shown.expiresAt === null ? (
            <Absent>{t.parts.never}</Absent>
          ) : (
            <When at={shown.expiresAt} as="day" />
          )}
        </Fact>
        {shown.lifetimeEndsAt !== null && (
          <Fact name={lifetime}>
            <When at={shown.lifetimeEndsAt} />
          </Fact>
        )}
        <Fact name={columns.lastUsed}>
          <LastUse shown={shown} />
        </Fact>
        <Fact name={requests}>{count(shown.secrets.reduce((sum, each) => sum + each.requests, 0))}</Fact>
        <Fact name={columns.freshness}>
          <Freshness {...shown} />
        </Fact>
        <Fact name={addresses}>
          {shown.addressRules.length === 0 ? (
            <Absent>{anyAddress}</Absent>
          ) : (
            <code>{shown.addressRules.join(', ')}</code>
          )}
        </Fact>
        <Fact name={limits}>
          {shown.rateLimits.length === 0 ? (
            <Absent>{t.parts.none}</Absent>
          ) : (
            shown.rateLimits.map((each) => limit(each.requests, each.per)).join(', ')
          )}
        </Fact>
      </Facts>
    </>
  )
}

function LastUse({ shown }: { readonly shown: PortalKey }) {
  const at = lastUseOf(shown)
  if (at === null) return <Absent>{t.parts.never}</Absent>
  const address = shown.secrets.find(({ lastUsedAt }) => lastUsedAt === at)?.lastUsedAddress ?? null
  return (
    <>
      <When at={at} /> {address !== null && <Absent>{t.keys.panel.lastUsedFrom(address)}</Absent>}
    </>
  )
}
