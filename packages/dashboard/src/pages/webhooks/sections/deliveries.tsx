import { Button } from '@mantine/core'
import type { Delivery } from '@sallyport/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Absent } from '../../../parts/absent.tsx'
import { EventNames } from '../../../parts/events/event-names.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { type Look, State } from '../../../parts/state.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useReplay } from '../mutations.ts'
import { deliveriesQuery } from '../queries.ts'

interface DeliveriesProps {
  readonly organization: string
  readonly webhook: string
}

const LOOKS: Readonly<Record<Delivery['state'], Look>> = {
  pending: { tone: 'info', mark: 'half' },
  delivered: { tone: 'ok', mark: 'full' },
  failed: { tone: 'bad', mark: 'ring' },
}

/** What was sent to a webhook and what will be, with the attempts. */
export function Deliveries({ organization, webhook }: DeliveriesProps) {
  const { may } = usePlace()
  const query = useInfiniteQuery(deliveriesQuery(organization, webhook))
  const replay = useReplay(organization, webhook)
  const { deliveries: words } = t.webhooks
  return (
    <PanelSection label={words.title}>
      <div>
        <h3>{words.title}</h3>
        <p className={text.meta}>{words.text}</p>
      </div>
      {replay.error !== null && (
        <Failure error={replay.error} retry={() => replay.mutate(replay.variables)} />
      )}
      <Loaded query={query} skeleton={<RowsSkeleton rows={4} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items)
          if (all.length === 0) return <Absent>{words.none}</Absent>
          return (
            <ItemList label={words.title}>
              {all.map((delivery) => (
                <Item
                  key={delivery.id}
                  end={
                    <>
                      <State {...LOOKS[delivery.state]}>{words.states[delivery.state]}</State>
                      {may('webhooks.write') && !isOver(delivery) && (
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          aria-label={words.replayOf(t.events.words[delivery.type])}
                          onClick={() => replay.mutate(delivery.id)}
                        >
                          {words.replay}
                        </Button>
                      )}
                    </>
                  }
                >
                  <EventNames types={[delivery.type]} />
                  <div className={text.meta}>
                    <When at={delivery.happenedAt} /> · {words.attempts(delivery.attemptCount)}
                    <LastAttempt delivery={delivery} />
                  </div>
                </Item>
              ))}
            </ItemList>
          )
        }}
      </Loaded>
      {query.hasNextPage && (
        <Button
          size="compact-xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </PanelSection>
  )
}

/** Whether it cannot be sent again: a token that has arrived is not. */
function isOver({ type, state }: Delivery): boolean {
  return type === 'key.rotated' && state === 'delivered'
}

/** How the last attempt ended, and when the next one is due. */
function LastAttempt({ delivery: { attempts, nextAttemptAt } }: { readonly delivery: Delivery }) {
  const { answered, errors, next } = t.webhooks.deliveries
  const last = attempts.at(-1)
  return (
    <>
      {last !== undefined && (
        <>
          {', '}
          {last.status === null
            ? last.error !== null && errors[last.error]
            : answered(last.status, last.durationMs)}
        </>
      )}
      {last !== undefined && nextAttemptAt !== null && (
        <>
          {', '}
          {next} <When at={nextAttemptAt} />
        </>
      )}
    </>
  )
}
