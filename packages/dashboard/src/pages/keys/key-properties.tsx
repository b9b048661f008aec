import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { count } from '../../format/numbers.ts'
import { Absent } from '../../parts/absent.tsx'
import { Fact, Facts } from '../../parts/facts.tsx'
import { CopyableId } from '../../parts/id.tsx'
import { Note } from '../../parts/states/note.tsx'
import { Spark } from '../../parts/charts/spark.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { Freshness, lastUseOf } from './key-words.tsx'
import { weekQuery } from './queries.ts'

interface KeyPropertiesProps {
  readonly organization: string
  readonly shown: Key
}

/** What a key is and may, and how it was used. */
export function KeyProperties({ organization, shown }: KeyPropertiesProps) {
  const { panel } = t.keys
  const { may } = usePlace()
  const { data: week } = useQuery(weekQuery(organization, shown.id))
  return (
    <>
      {shown.warnings.map(({ code, message }) => (
        <Note key={code} tone="warn" title={message} />
      ))}
      <Facts>
        <Fact name={panel.environment}>{shown.environment ?? <Absent>{panel.everyEnvironment}</Absent>}</Fact>
        <Fact name={panel.consumer}>
          <Owner organization={organization} shown={shown} />
        </Fact>
        <Fact name={panel.roles}>
          {shown.roles.length === 0 ? <Absent>{t.parts.none}</Absent> : shown.roles.join(', ')}
        </Fact>
        <Fact name={panel.created}>
          <When at={shown.createdAt} as="day" />{' '}
          {may('audit.read') && (
            <Link
              to="/organizations/$organization/audit"
              params={{ organization }}
              search={({ environment }) => ({ environment, target: `key/${shown.id}` })}
            >
              {panel.history}
            </Link>
          )}
        </Fact>
        <Fact name={panel.expires}>
          {shown.expiresAt === null ? (
            <Absent>{t.parts.never}</Absent>
          ) : (
            <When at={shown.expiresAt} as="day" />
          )}
        </Fact>
        {shown.lifetimeEndsAt !== null && (
          <Fact name={panel.lifetime}>
            <When at={shown.lifetimeEndsAt} />
          </Fact>
        )}
        <Fact name={panel.lastUsed}>
          <LastUse shown={shown} />
        </Fact>
        <Fact name={panel.week}>
          {week !== undefined && (
            <Spark values={week} label={t.keys.week(week.reduce((sum, each) => sum + each, 0))} />
          )}
        </Fact>
        <Fact name={panel.requests}>
          {count(shown.secrets.reduce((sum, { requests }) => sum + requests, 0))}{' '}
          {may('usage.read', shown.environment ?? undefined) && (
            <Link
              to="/organizations/$organization/requests"
              params={{ organization }}
              search={({ environment }) => ({ environment, key: shown.id })}
            >
              {panel.recentRequests}
            </Link>
          )}
        </Fact>
        <Fact name={panel.addresses}>
          {shown.addressRules.length === 0 ? (
            <Absent>{panel.anyAddress}</Absent>
          ) : (
            <code>{shown.addressRules.join(', ')}</code>
          )}
        </Fact>
        <Fact name={panel.limits}>
          {shown.rateLimits.length === 0 ? (
            <Absent>{t.parts.none}</Absent>
          ) : (
            shown.rateLimits.map(({ requests, per }) => panel.limit(requests, per)).join(', ')
          )}
        </Fact>
        <Fact name={panel.freshness}>
          <Freshness {...shown} />
        </Fact>
        {Object.keys(shown.labels).length > 0 && (
          <Fact name={panel.labels}>
            <code>
              {Object.entries(shown.labels)
                .map(([name, value]) => `${name}: ${value}`)
                .join(', ')}
            </code>
          </Fact>
        )}
        {shown.token !== undefined && (
          <Fact name={panel.token}>
            <CopyableId value={shown.token} />
          </Fact>
        )}
      </Facts>
    </>
  )
}

function Owner({ organization, shown }: KeyPropertiesProps) {
  const { consumer, consumerName } = shown
  if (consumer === null) return <Absent>{t.parts.none}</Absent>
  // Without its name, its page may not be read either.
  if (consumerName === null) return consumer
  return (
    <Link
      to="/organizations/$organization/consumers"
      params={{ organization }}
      search={({ environment }) => ({ environment, consumer })}
    >
      {consumerName}
    </Link>
  )
}

function LastUse({ shown }: { readonly shown: Key }) {
  const at = lastUseOf(shown)
  if (at === null) return <Absent>{t.parts.never}</Absent>
  const address = shown.secrets.find(({ lastUsedAt }) => lastUsedAt === at)?.lastUsedAddress ?? null
  return (
    <>
      <When at={at} />
      {address !== null && (
        <>
          {' '}
          <Absent>{t.keys.panel.lastUsedFrom(address)}</Absent>
        </>
      )}
    </>
  )
}
