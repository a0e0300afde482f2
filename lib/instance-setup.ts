import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** Where instances have space for jobs, on the host and in the container. */
export const SCRATCH_DIR = '/scratch';

/** What ECS's AMIs mount as `/`. */
export const ROOT_DEVICE = '/dev/xvda';

/** Of instances that have no disks of their own, for the inputs' blocks, the outputs and the images of containers. */
export const ROOT_VOLUME_GIB = 100;

/** Puts the scratch space on the instance's own disks, where it has some: they cost nothing more and are the fastest. */
export function instanceSetup(): ec2.MultipartUserData {
  const commands = ec2.UserData.forLinux();
  commands.addCommands(
    `mkdir -p ${SCRATCH_DIR}`,
    "disks=$(lsblk -dpno NAME,MODEL | awk '/Instance Storage/ { print $1 }')",
    'count=$(echo $disks | wc -w)',
    'if [ "$count" -gt 1 ]; then',
    '  mdadm --create /dev/md0 --level=0 --raid-devices="$count" $disks && disks=/dev/md0',
    'fi',
    'if [ "$count" -gt 0 ]; then',
    `  mkfs.xfs -f $disks && mount -o noatime,nodev,nosuid,noexec $disks ${SCRATCH_DIR}`,
    'fi',
    `chmod 1777 ${SCRATCH_DIR}`,
  );
  // Batch adds parts of its own, so it must be of several.
  const userData = new ec2.MultipartUserData();
  userData.addUserDataPart(commands, ec2.MultipartBody.SHELL_SCRIPT, true);
  return userData;
}
