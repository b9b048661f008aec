import { Button } from '@mantine/core'
import type { Webhook } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Fact, Facts } from '../../parts/facts.tsx'
import { EventNames } from '../../parts/events/event-names.tsx'
import { Breakable, CopyableId } from '../../parts/id.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { Failure } from '../../parts/states/failure.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { EditWebhook } from './dialogs/edit-webhook.tsx'
import { RemoveWebhook } from './dialogs/remove-webhook.tsx'
import { RotateSecret } from './dialogs/rotate-secret.tsx'
import { useSwitchWebhook } from './mutations.ts'
import { webhookQuery } from './queries.ts'
import { Deliveries } from './sections/deliveries.tsx'
import { WebhookState } from './webhook-columns.tsx'

interface WebhookPanelProps {
  readonly organization: string
  /** As the list has it. */
  readonly listed: Webhook
  readonly onClose: () => void
}

/** The details of a webhook: what is sent to it, and how that went. */
export function WebhookPanel({ organization, listed, onClose }: WebhookPanelProps) {
  const { may } = usePlace()
  const query = useQuery(webhookQuery(organization, listed.id))
  const { data: read } = query
  const shown = read ?? listed
  const { panel } = t.webhooks
  return (
    <SidePanel
      title={<Breakable>{shown.url}</Breakable>}
      aside={<WebhookState status={shown.status} />}
      about={<CopyableId value={shown.id} />}
      onClose={onClose}
      foot={
        read !== undefined &&
        may('webhooks.write') && <Actions organization={organization} shown={read} onRemoved={onClose} />
      }
    >
      {read === undefined && query.error !== null && (
        <Failure error={query.error} retry={() => void query.refetch()} isReading />
      )}
      <PanelSection label={panel.properties}>
        <Facts>
          <Fact name={panel.events}>
            <EventNames types={shown.events} />
          </Fact>
          <Fact name={panel.created}>
            <When at={shown.createdAt} as="day" />
          </Fact>
          {shown.previousSecretEndsAt !== null && (
            <Fact name={panel.previousSecret}>
              <When at={shown.previousSecretEndsAt} as="instant" />
            </Fact>
          )}
        </Facts>
      </PanelSection>
      <Deliveries organization={organization} webhook={shown.id} />
    </SidePanel>
  )
}

interface ActionsProps {
  readonly organization: string
  readonly shown: Webhook
  readonly onRemoved: () => void
}

function Actions({ organization, shown, onRemoved }: ActionsProps) {
  const change = useSwitchWebhook(organization)
  const [open, setOpen] = useState<'edit' | 'rotate' | 'remove'>()
  const { panel } = t.webhooks
  const isActive = shown.status === 'active'
  const close = (): void => setOpen(undefined)
  const toggle = (): void => change.mutate({ id: shown.id, status: isActive ? 'inactive' : 'active' })
  return (
    <>
      <Button size="xs" onClick={() => setOpen('edit')}>
        {panel.edit}
      </Button>
      <Button size="xs" onClick={() => setOpen('rotate')}>
        {panel.rotate}
      </Button>
      <Button size="xs" loading={change.isPending} onClick={toggle}>
        {isActive ? panel.switchOff : panel.switchOn}
      </Button>
      <Button size="xs" data-destructive onClick={() => setOpen('remove')}>
        {panel.remove}
      </Button>
      {change.error !== null && <Failure error={change.error} retry={toggle} />}
      {open === 'edit' && <EditWebhook organization={organization} shown={shown} onClose={close} />}
      {open === 'rotate' && <RotateSecret organization={organization} shown={shown} onClose={close} />}
      {open === 'remove' && (
        <RemoveWebhook
          organization={organization}
          shown={shown}
          onClose={(isDone) => {
            close()
            if (isDone) onRemoved()
          }}
        />
      )}
    </>
  )
}
