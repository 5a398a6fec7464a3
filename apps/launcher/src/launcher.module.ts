/** What `launcher` is made of: it turns versions into images and launches into machines, and writes down when those ran. */
import { Module } from '@nestjs/common';
import { stages } from '#platform/stage.ts';
import { Appliances } from './appliances.ts';
import { CheckConnection } from './connections/check-connection.ts';
import { Places } from './connections/places.ts';
import { InfrastructureCostController } from './costs/infrastructure-cost.controller.ts';
import { InfrastructureCost } from './costs/infrastructure-cost.ts';
import { Ec2Clients } from './ec2/clients.ts';
import { Ec2Groups } from './ec2/groups.ts';
import { Ec2Images } from './ec2/images.ts';
import { Ec2IsolatedGroups } from './ec2/isolated-groups.ts';
import { Ec2Machines } from './ec2/machines.ts';
import { Pacer } from './ec2/pacer.ts';
import { Ec2Placement } from './ec2/placement.ts';
import { Ec2Volumes } from './ec2/volumes.ts';
import { Roles } from './ec2/roles.ts';
import { Ec2Trials } from './ec2/trials.ts';
import { ImageSharesController } from './images/image-shares.controller.ts';
import { ImageShares } from './images/image-shares.ts';
import { Reports } from './fleets/reports.ts';
import { ScaleFleet } from './fleets/scale-fleet.ts';
import { ImagesController } from './images/images.controller.ts';
import { EventsController } from './events/events.controller.ts';
import { Events } from './events/events.ts';
import { Images } from './images/images.ts';
import { PrepareImage } from './images/prepare-image.ts';
import { ShareImages } from './images/share-images.ts';
import { BootTests } from './images/boot-test.ts';
import { ImageRecords } from './images/image-records.ts';
import { ProveMachine } from './images/prove-machine.ts';
import { ScanImage } from './images/scan-image.ts';
import { ScansController } from './images/scans.controller.ts';
import { Scans } from './images/scans.ts';
import { InstancesController } from './instances/instances.controller.ts';
import { Instances } from './instances/instances.ts';
import { Observations } from './instances/observations.ts';
import { Orders } from './instances/order.ts';
import { Progress } from './instances/progress.ts';
import { LaunchMachine } from './instances/launch-machine.ts';
import { MachineRows } from './instances/machine-rows.ts';
import { MachineOrders } from './instances/machine-order.ts';
import { ObserveMachines } from './instances/observe-machines.ts';
import { PacedLaunches } from './instances/paced-launches.ts';
import { ReconcileInstance } from './instances/reconcile-instance.ts';
import { ReconcileLaunch } from './instances/reconcile-launch.ts';
import { Troubles } from './instances/troubles.ts';
import { LookAgain } from './look-again.ts';
import { RestoreVolume } from './restores/restore-volume.ts';
import { RestoresController } from './restores/restores.controller.ts';
import { Restores } from './restores/restores.ts';
import { FindStrays } from './strays/find-strays.ts';
import { StrayRecords } from './strays/stray-records.ts';
import { StrayKnowledge } from './strays/stray-knowledge.ts';
import { StraysController } from './strays/strays.controller.ts';
import { Strays } from './strays/strays.ts';
import { RestoreTestsController } from './restores/restore-tests.controller.ts';
import { RestoreTests } from './restores/restore-tests.ts';
import { ScratchMachines } from './restores/scratch-machine.ts';
import { PlanRestoreTest } from './restores/plan-restore-test.ts';
import { TestRestore } from './restores/test-restore.ts';
import { FleetUpgradesController } from './upgrades/fleet-upgrades.controller.ts';
import { FleetUpgrades } from './upgrades/fleet-upgrades.ts';
import { UpgradeFleet } from './upgrades/upgrade-fleet.ts';
import { UpgradeLaunch } from './upgrades/upgrade-launch.ts';
import { UpgradesController } from './upgrades/upgrades.controller.ts';
import { Upgrades } from './upgrades/upgrades.ts';
import { DataVolumes } from './volumes/data-volumes.ts';
import { ReconcileVolume } from './volumes/reconcile-volume.ts';
import { KeepSnapshots } from './volumes/keep-snapshots.ts';
import { SnapshotsController } from './volumes/snapshots.controller.ts';
import { Snapshots } from './volumes/snapshots.ts';
import { TakeSnapshot } from './volumes/take-snapshot.ts';
import { VolumeSteps } from './volumes/volume-steps.ts';
import { VolumesController } from './volumes/volumes.controller.ts';
import { Volumes } from './volumes/volumes.ts';
import { InfrastructurePricesController } from './prices/infrastructure-prices.controller.ts';
import { InfrastructurePrices } from './prices/infrastructure-prices.ts';

@Module({
  controllers: [
    ImagesController,
    ImageSharesController,
    ScansController,
    InstancesController,
    EventsController,
    VolumesController,
    SnapshotsController,
    RestoresController,
    RestoreTestsController,
    UpgradesController,
    FleetUpgradesController,
    InfrastructurePricesController,
    InfrastructureCostController,
    StraysController,
  ],
  providers: [
    Pacer,
    Ec2Clients,
    Ec2Groups,
    Ec2Images,
    Ec2IsolatedGroups,
    Ec2Machines,
    Ec2Placement,
    Ec2Volumes,
    Ec2Trials,
    Roles,
    Places,
    Appliances,
    LookAgain,
    BootTests,
    ImageRecords,
    Images,
    ImageShares,
    Scans,
    Instances,
    Observations,
    InfrastructurePrices,
    InfrastructureCost,
    Orders,
    Progress,
    Troubles,
    MachineOrders,
    MachineRows,
    LaunchMachine,
    PacedLaunches,
    DataVolumes,
    VolumeSteps,
    Volumes,
    Snapshots,
    Restores,
    RestoreTests,
    Upgrades,
    FleetUpgrades,
    ScratchMachines,
    Events,
    Reports,
    StrayKnowledge,
    StrayRecords,
    Strays,
    ...stages(
      PrepareImage,
      ScanImage,
      ShareImages,
      CheckConnection,
      ReconcileLaunch,
      ScaleFleet,
      UpgradeFleet,
      ObserveMachines,
      ReconcileInstance,
      ReconcileVolume,
      TakeSnapshot,
      KeepSnapshots,
      RestoreVolume,
      PlanRestoreTest,
      TestRestore,
      UpgradeLaunch,
      ProveMachine,
      FindStrays,
    ),
  ],
})
export class LauncherModule {}
