export { GPU_INSTANCE_CLASSES, type GpuInstanceClass, type OctetConfigInput } from './config.ts';
export { Octet, type OctetProps } from './octet.ts';
export { OctetStack, type OctetStackProps } from './octet-stack.ts';
