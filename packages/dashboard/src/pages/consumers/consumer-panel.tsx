import { Button } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { consumerQuery } from '../../data/consumers.ts'
import { CopyableId } from '../../parts/id.tsx'
import { Failure } from '../../parts/states/failure.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { ConsumerState } from './consumer-columns.tsx'
import { EditConsumer } from './dialogs/edit-consumer.tsx'
import { RemoveConsumer } from './dialogs/remove-consumer.tsx'
import { SwitchOffConsumer } from './dialogs/switch-off-consumer.tsx'
import { useSwitch } from './mutations.ts'
import { Associations } from './sections/associations.tsx'
import { BasicCredentials } from './sections/basic-credentials.tsx'
import { ConsumerFacts } from './sections/consumer-facts.tsx'
import { ConsumerKeys } from './sections/consumer-keys.tsx'
import { PortalLinks } from './sections/portal-links.tsx'

interface ConsumerPanelProps {
  readonly organization: string
  readonly id: string
  readonly onClose: () => void
}

/** The details of a consumer: what it may call and with what, and what can be done with it. */
export function ConsumerPanel({ organization, id, onClose }: ConsumerPanelProps) {
  const { may } = usePlace()
  const query = useQuery(consumerQuery(organization, id))
  const { data: consumer } = query
  return (
    <SidePanel
      title={consumer?.name ?? id}
      aside={consumer !== undefined && <ConsumerState status={consumer.status} />}
      about={
        <>
          <CopyableId value={id} />
          {consumer !== undefined && <span>{t.consumers.panel.in(consumer.environment)}</span>}
        </>
      }
      onClose={onClose}
      foot={
        consumer !== undefined &&
        may('consumers.write', consumer.environment) && (
          <Actions organization={organization} consumer={consumer} onRemoved={onClose} />
        )
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={8} />}>
        {(shown) => (
          <>
            <Associations organization={organization} consumer={shown} />
            {may('keys.read', shown.environment) && (
              <ConsumerKeys organization={organization} consumer={shown} />
            )}
            <BasicCredentials organization={organization} consumer={shown} />
            <PortalLinks organization={organization} consumer={shown} />
            <ConsumerFacts consumer={shown} />
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

interface ActionsProps {
  readonly organization: string
  readonly consumer: Consumer
  readonly onRemoved: () => void
}

function Actions({ organization, consumer, onRemoved }: ActionsProps) {
  const { may } = usePlace()
  const switchOn = useSwitch(organization, 'active')
  const [asks, setAsks] = useState<'edit' | 'switch-off' | 'remove'>()
  const { panel } = t.consumers
  return (
    <>
      <Button size="xs" onClick={() => setAsks('edit')}>
        {panel.edit}
      </Button>
      {consumer.status === 'active' ? (
        <Button size="xs" onClick={() => setAsks('switch-off')}>
          {panel.switchOff}
        </Button>
      ) : (
        <Button size="xs" loading={switchOn.isPending} onClick={() => switchOn.mutate(consumer)}>
          {panel.switchOn}
        </Button>
      )}
      {may('keys.delete', consumer.environment) && (
        <Button size="xs" data-destructive onClick={() => setAsks('remove')}>
          {panel.removeConsumer}
        </Button>
      )}
      {switchOn.error !== null && <Failure error={switchOn.error} retry={() => switchOn.mutate(consumer)} />}
      {asks === 'edit' && (
        <EditConsumer organization={organization} shown={consumer} onClose={() => setAsks(undefined)} />
      )}
      {asks === 'switch-off' && (
        <SwitchOffConsumer
          organization={organization}
          consumer={consumer}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks === 'remove' && (
        <RemoveConsumer
          organization={organization}
          consumer={consumer}
          onClose={(isDone) => {
            setAsks(undefined)
            if (isDone) onRemoved()
          }}
        />
      )}
    </>
  )
}
