import { SegmentedControl, Select } from '@mantine/core'
import { t } from '../../texts/texts.ts'
import layout from '../layers/form.module.css'
import text from '../text.module.css'
import { DELIVERY_HOURS, type Delivery } from './delivery.ts'

interface DeliveryFieldProps {
  readonly value: Delivery
  readonly onChange: (value: Delivery) => void
}

/** How a new token gets to the person who needs it: shown here, or by a hand-over link. */
export function DeliveryField({ value, onChange }: DeliveryFieldProps) {
  const { field, ways, hereHint, linkHint, hours, hourChoices } = t.handOver
  return (
    <fieldset className={layout.field}>
      <legend>{field}</legend>
      <SegmentedControl
        value={value.way}
        data={(['here', 'link'] as const).map((way) => ({ value: way, label: ways[way] }))}
        onChange={(way) => onChange({ ...value, way })}
      />
      <p className={text.meta}>{value.way === 'here' ? hereHint : linkHint}</p>
      {value.way === 'link' && (
        <Select
          label={hours}
          data={DELIVERY_HOURS.map((choice) => ({ value: choice, label: hourChoices[choice] }))}
          value={value.hours}
          allowDeselect={false}
          onChange={(chosen) => onChange({ ...value, hours: chosen ?? value.hours })}
        />
      )}
    </fieldset>
  )
}
