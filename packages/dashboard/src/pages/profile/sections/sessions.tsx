import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { browserName } from '../../../format/browsers.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { Id } from '../../../parts/id.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { useDialogs } from '../dialogs.ts'
import { useEndSession } from '../mutations.ts'
import { otherSessionsQuery } from '../queries.ts'
import { Row, Rows, Section } from '../../../parts/settings/section.tsx'

/** Where else the person is signed in. */
export function Sessions() {
  const dialogs = useDialogs()
  const query = useQuery(otherSessionsQuery)
  const end = useEndSession()
  const { title, lead, none, unknown, methods, used, end: endIt, endAll, endOf } = t.profile.sessions
  return (
    <Section title={title} lead={lead}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={3} />}>
        {(sessions) =>
          sessions.length === 0 ? (
            <p>{none}</p>
          ) : (
            <>
              <Rows label={title}>
                {sessions.map((session) => {
                  const name = browserName(session.userAgent ?? '') || unknown
                  return (
                    <Row
                      key={session.id}
                      title={<span title={session.userAgent ?? undefined}>{name}</span>}
                      meta={
                        <>
                          {used} <When at={session.lastUsedAt} /> · {methods[session.method]}{' '}
                          <When at={session.createdAt} />
                          {session.address !== null && (
                            <>
                              {' · '}
                              <Id>{session.address}</Id>
                            </>
                          )}
                        </>
                      }
                      actions={
                        <Button
                          size="compact-xs"
                          aria-label={endOf(name)}
                          loading={end.isPending && end.variables.id === session.id}
                          onClick={() => end.mutate(session)}
                        >
                          {endIt}
                        </Button>
                      }
                    />
                  )
                })}
              </Rows>
              <Button size="xs" data-destructive onClick={() => dialogs.open('end-sessions')}>
                {endAll}
              </Button>
            </>
          )
        }
      </Loaded>
      {end.error !== null && (
        <Failure error={end.error} retry={() => end.variables !== undefined && end.mutate(end.variables)} />
      )}
    </Section>
  )
}
