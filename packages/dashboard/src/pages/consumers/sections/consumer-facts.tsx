import type { Consumer } from '@sallyport/sdk'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'

/** What else is known of a consumer. */
export function ConsumerFacts({ consumer }: { readonly consumer: Consumer }) {
  const { panel } = t.consumers
  const labels = Object.entries(consumer.labels)
  return (
    <PanelSection label={panel.properties}>
      <Facts>
        {consumer.title !== null && <Fact name={panel.title}>{consumer.title}</Fact>}
        {consumer.description !== null && <Fact name={panel.description}>{consumer.description}</Fact>}
        {consumer.plan !== null && <Fact name={panel.plan}>{consumer.plan}</Fact>}
        <Fact name={panel.created}>
          <When at={consumer.createdAt} as="day" />
        </Fact>
        {labels.length > 0 && (
          <Fact name={panel.labels}>
            <code>{labels.map(([name, value]) => `${name}: ${value}`).join(', ')}</code>
          </Fact>
        )}
      </Facts>
    </PanelSection>
  )
}
