import { Button } from '@mantine/core'
import type { HandOver, Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { handOversQuery } from '../../../data/hand-overs.ts'
import { instant } from '../../../format/times.ts'
import { HandOverState } from '../../../parts/hand-over-state.tsx'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useWithdraw } from '../mutations.ts'

/** Links are listed from the newest on. */
const SHOWN_MAX = 5

interface HandOversSectionProps {
  readonly organization: string
  readonly shown: Key
}

/** The newest hand-over links of a key, if it has any: whether they were opened, and a way to withdraw them. */
export function HandOversSection({ organization, shown }: HandOversSectionProps) {
  const { may } = usePlace()
  const { data = [] } = useQuery(handOversQuery(organization, shown.id))
  const [asked, setAsked] = useState<HandOver>()
  if (data.length === 0) return null
  const mayWithdraw = may('keys.write', shown.environment ?? undefined)
  return (
    <PanelSection label={t.handOver.title}>
      <h3>{t.handOver.title}</h3>
      <ItemList label={t.handOver.title}>
        {data.slice(0, SHOWN_MAX).map((handOver) => (
          <Item
            key={handOver.id}
            end={
              mayWithdraw &&
              handOver.state === 'pending' && (
                <Button
                  size="compact-xs"
                  aria-label={t.handOver.withdrawOf(instant(Date.parse(handOver.createdAt)))}
                  onClick={() => setAsked(handOver)}
                >
                  {t.handOver.withdraw}
                </Button>
              )
            }
          >
            <HandOverState handOver={handOver} />
            <div className={text.meta}>
              {t.handOver.made} <When at={handOver.createdAt} />
            </div>
          </Item>
        ))}
      </ItemList>
      {asked !== undefined && (
        <Withdraw organization={organization} handOver={asked} onClose={() => setAsked(undefined)} />
      )}
    </PanelSection>
  )
}

interface WithdrawProps {
  readonly organization: string
  readonly handOver: HandOver
  readonly onClose: () => void
}

function Withdraw({ organization, handOver, onClose }: WithdrawProps) {
  const withdraw = useWithdraw(organization)
  return (
    <Confirm
      title={t.handOver.withdrawTitle}
      submit={t.handOver.withdraw}
      isDestructive
      isPending={withdraw.isPending}
      error={withdraw.error}
      onSubmit={() => withdraw.mutate(handOver.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.handOver.withdrawText}</p>
    </Confirm>
  )
}
