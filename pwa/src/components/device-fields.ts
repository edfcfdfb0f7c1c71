/** The exact fields to type into each app that sends steps. Names of other apps' fields are theirs and stay English. */
import { type TextKey, t } from '../text';

export const SENDERS = ['health_auto_export', 'hc_webhook', 'shortcuts'] as const;
export type Sender = (typeof SENDERS)[number];

export interface SenderField {
  label: string;
  value: string;
  /** Worth a copy button: addresses and secrets, not the name of a switch. */
  copied: boolean;
}

/** `glucose`: the key takes sugar readings too. */
export function stepsOf(sender: Sender, glucose: boolean): string[] {
  const keys: Record<Sender, TextKey[]> = {
    health_auto_export: [
      'devices.health_auto_export.1',
      'devices.health_auto_export.2',
      'devices.health_auto_export.3',
    ],
    hc_webhook: ['devices.hc_webhook.1', 'devices.hc_webhook.2', 'devices.hc_webhook.3'],
    shortcuts: ['devices.shortcuts.1', 'devices.shortcuts.2', 'devices.shortcuts.3', 'devices.shortcuts.4'],
  };
  return [...keys[sender], ...(glucose ? [`devices.${sender}.sugar`] : [])].map((key) =>
    t(key as 'devices.hc_webhook.1'),
  );
}

/** `token` is null when it is not known any more: it is shown once. */
export function fieldsOf(sender: Sender, address: string, token: string | null, glucose: boolean): SenderField[] {
  const copy = (label: string, value: string) => ({ label, value, copied: true });
  const set = (label: string, value: string) => ({ label, value, copied: false });
  const way = [
    copy(t('devices.field.address'), address),
    copy(t('devices.field.header'), 'Authorization'),
    token
      ? copy(t('devices.field.value'), `Bearer ${token}`)
      : set(t('devices.field.value'), `Bearer ${t('devices.your_key')}`),
  ];
  if (sender === 'health_auto_export') {
    return [
      set(t('devices.field.type'), 'REST API'),
      ...way,
      set(t('devices.field.data'), 'Health Metrics'),
      set(t('devices.field.metric'), 'Step Count'),
      set(t('devices.field.format'), 'JSON'),
      set(t('devices.field.aggregate'), 'Days'),
      set(t('devices.field.period'), 'Default'),
    ];
  }
  if (sender === 'hc_webhook')
    return [
      ...way,
      set(t('devices.field.data'), glucose ? 'Steps, Blood Glucose' : 'Steps'),
      set(t('devices.field.resolution'), 'Daily'),
    ];
  return [
    ...way,
    set(t('devices.field.method'), 'POST'),
    set(t('devices.field.body'), 'JSON: date (yyyy-MM-dd), steps'),
    copy(t('devices.field.body_example'), '{"date": "2026-11-22", "steps": 1830}'),
  ];
}
