<?php
/** Installs WordPress with the theme, and a subscriber beside the administrator; run from the command line. */

define( 'WP_INSTALLING', true );
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install( 'Acme CRM', 'admin', 'admin@acme.example', true, '', 'password' );
wp_create_user( 'reader', 'password', 'reader@acme.example' );
switch_theme( 'plain' );
